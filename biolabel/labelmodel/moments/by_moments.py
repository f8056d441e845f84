"""One exclusive task by moments: from distinct rows of votes to a source model.

What is learned depends on sums over rows alone; no soft labels are made on the way.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from biolabel.data.labels import LabelingFunction
from biolabel.labelmodel.em.generative import Learned
from biolabel.labelmodel.em.mixture import posterior_of
from biolabel.labelmodel.em.search import Votes
from biolabel.labelmodel.em.sources import counted_once
from biolabel.labelmodel.emission import Emission, SourceModel
from biolabel.labelmodel.moments.completion import triples
from biolabel.labelmodel.moments.junction import source_model
from biolabel.labelmodel.moments.moments import moments
from biolabel.labelmodel.moments.structure import Edge, dependency_graph, discover, independent
from biolabel.labelmodel.moments.triplets import tripled
from biolabel.labelmodel.pooling import Flags, pooled
from biolabel.labelmodel.votes import Floats, Patterns, Symbols

ByMethod = Literal["completion", "triplets"]
"""Which tables are taken."""


@dataclass(frozen=True, slots=True)
class ByMoments:
    """What moments tell: the emission of single symbols, the model of sources, and the structure.

    edges, misfit: see `structure.Structure`; converged: whether the completion stood still.
    """

    emission: Emission
    model: SourceModel
    edges: tuple[Edge, ...]
    misfit: float
    converged: bool


def learn_by_moments(
    patterns: Patterns,
    found: Symbols,
    rows: float,
    holds: Flags,
    precision: Floats,
    lfs: Sequence[LabelingFunction],
    method: ByMethod = "completion",
) -> ByMoments:
    """Return what distinct rows of votes come from.

    The dependencies are those of the rule file and those that completion leaves unexplained; of the
    rest, `completion` takes its own tables, `triplets` those in closed form; the paces are those of
    the completion. rows: how many candidates there are, those without votes included; holds: bool[s,
    k] and precision: float64[s], of each symbol.
    """
    counted = moments(patterns, found, rows)
    structure = discover(patterns, counted, holds, precision, dependency_graph(lfs))
    graph = dependency_graph(lfs, structure.edges)
    completion = structure.completion
    if method == "triplets":
        three = triples(patterns, counted, holds)
        # What busy rows add to how often votes meet is taken out, and left to the paces.
        even = replace(counted, twice=counted.twice / completion.pairs)
        three = replace(three, count=three.count / completion.triples)
        closed = tripled(even, three, holds, precision, independent(found.lf, graph.edges))
        completion = replace(completion, emissions=(closed.emission,))
    model = source_model(patterns, found, counted, completion, graph)
    return ByMoments(
        completion.emissions[0], model, structure.edges, structure.misfit, completion.converged
    )


def as_learned(votes: Votes, silent: Floats, method: ByMethod) -> Learned:
    """Return what rows of votes, and rows without votes, come from, as EM would say it.

    Known labels are not looked at. silent: float64[k + 1], how many rows have no votes, by label.
    """
    patterns, found = votes.patterns, votes.found
    rows = float(patterns.count.sum() + silent.sum())
    told = learn_by_moments(patterns, found, rows, votes.holds, votes.precision, votes.lfs, method)
    mixture = told.model.mixture
    joint = np.maximum(told.emission.table * mixture.prior, np.finfo(np.float64).tiny)
    weight = counted_once(patterns, found, told.model.sources.of_lf)
    weighed = replace(patterns, weight=weight)
    state = pooled(weighed, joint / joint.sum(axis=1, keepdims=True), mixture.prior)
    nothing = posterior_of(mixture, np.zeros((1, len(mixture.prior))), np.zeros(1, dtype=np.int64))
    return Learned(told.model, weighed, state, nothing.soft[0], 0, told.converged)
