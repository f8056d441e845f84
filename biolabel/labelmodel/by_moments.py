"""One exclusive task by moments: from distinct rows of votes to a source model.

What is learned depends on sums over rows alone; no soft labels are made on the way.
"""

from dataclasses import replace
from typing import Literal

import numpy as np

from biolabel.labelmodel.completion import triples
from biolabel.labelmodel.generative import Learned
from biolabel.labelmodel.junction import source_model
from biolabel.labelmodel.moments import moments
from biolabel.labelmodel.pooling import pooled
from biolabel.labelmodel.search import Votes
from biolabel.labelmodel.sources import counted_once
from biolabel.labelmodel.structure import dependency_graph, discover, independent
from biolabel.labelmodel.triplets import tripled
from biolabel.labelmodel.votes import Floats


def learn_by_moments(
    votes: Votes, silent: Floats, method: Literal["completion", "triplets"]
) -> Learned:
    """Return what rows of votes, and rows without votes, come from.

    The dependencies are those of the rule file and those that completion leaves unexplained; of the
    rest, `completion` takes its own tables, `triplets` those in closed form; the paces are those of
    the completion. Known labels are not looked at. silent: float64[k + 1], how many rows have no
    votes, by label.
    """
    patterns, found = votes.patterns, votes.found
    counted = moments(patterns, found, float(patterns.count.sum() + silent.sum()))
    structure = discover(
        patterns, counted, votes.holds, votes.precision, dependency_graph(votes.lfs)
    )
    graph = dependency_graph(votes.lfs, structure.edges)
    completion = structure.completion
    if method == "triplets":
        three = triples(patterns, counted, votes.holds)
        # What busy rows add to how often votes meet is taken out, and left to the paces.
        even = replace(counted, twice=counted.twice / completion.pairs)
        three = replace(three, count=three.count / completion.triples)
        apart = independent(found.lf, graph.edges)
        closed = tripled(even, three, votes.holds, votes.precision, apart)
        completion = replace(completion, emissions=(closed.emission,))
    model = source_model(patterns, found, counted, completion, graph)
    emission = completion.emissions[0]
    joint = emission.table * emission.prior
    table = joint / joint.sum(axis=1, keepdims=True)
    weighed = replace(patterns, weight=counted_once(patterns, found, model.sources.of_lf))
    state = pooled(weighed, np.maximum(table, np.finfo(np.float64).tiny), emission.prior)
    return Learned(model, weighed, state, 0, completion.converged)
