"""From labeled words to mentions with concepts."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.terms import TermFinder
from biolabel.data.corpus import Corpus
from biolabel.data.labels import SoftLabels
from biolabel.data.mentions import MentionTable, mentions_of_rows
from biolabel.data.votes import TaskVotes

Ints = NDArray[np.int32]


def decode_mentions(finder: TermFinder, soft: SoftLabels, votes: TaskVotes) -> MentionTable:
    """Return the mentions that word labels and the spans of the rules say.

    A word belongs to a mention when its most probable label is not `none`; two neighbors of a
    sentence with one label are one mention when the span of a labeling function that voted for the
    label covers both.
    """
    corpus, labels = finder.corpus, soft.task.labels
    best = soft.probabilities.argmax(axis=1)
    named = soft.covered & (best != labels.index("none"))
    joined = np.zeros(len(best), dtype=bool)
    for bit in range(len(labels)):
        covers = _covered_steps(votes, 1 << bit, len(best))
        joined[:-1] |= covers[:-1] & (best[:-1] == bit) & (best[1:] == bit)
    joined &= np.r_[named[1:], False] & named
    starts = np.flatnonzero(named & ~np.r_[False, joined[:-1]]).astype(np.int32)
    ends = (np.flatnonzero(named & ~joined) + 1).astype(np.int32)
    types = [labels[best[row]] for row in starts]
    return mentions_of_rows(corpus, starts, ends, types, link(finder, starts, ends, types))


def _covered_steps(votes: TaskVotes, mask: int, n_rows: int) -> NDArray[np.bool_]:
    """Return bool[rows]: whether a span that voted exactly `mask` covers a row and the next one."""
    spans = np.unique(votes.evidence[votes.matrix.mask == mask], axis=0)
    change = np.zeros(n_rows + 1, dtype=np.int32)
    np.add.at(change, spans[:, 0], 1)
    np.add.at(change, spans[:, 1] - 1, -1)
    return np.cumsum(change[:-1]) > 0


def link(finder: TermFinder, first: Ints, end: Ints, types: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the concept of each span: of the name that is the whole span, else of the longest inside.

    Ontologies are asked in the order of the program, those of the span's type only; a name with
    several concepts stands for the highest ranked.
    """
    ontologies = finder.knowledge.ontologies
    found: list[tuple[str, ...]] = [()] * len(first)
    length = np.zeros(len(first), dtype=np.int64)
    for name, index in ontologies.items():
        hits, terms = finder.hits(name), finder.terms(name, index.via)
        low = np.searchsorted(hits.first, first)
        high = np.searchsorted(hits.first, end)
        for i in np.flatnonzero((high > low) & (np.array(types, dtype=object) == index.type)):
            inside = [
                (int(hits.end[h] - hits.first[h]), -h)
                for h in range(low[i], high[i])
                if hits.end[h] <= end[i]
            ]
            if inside and max(inside)[0] > length[i]:
                size, place = max(inside)
                length[i] = size
                found[i] = terms.concepts[hits.term[-place]][:1]
    return found


def mentions_of_spans(finder: TermFinder, spans: Sequence[tuple[int, int, str]]) -> MentionTable:
    """Return mentions for (first row, end row, type) spans, such as an end model finds."""
    first = np.array([span[0] for span in spans], dtype=np.int32)
    end = np.array([span[1] for span in spans], dtype=np.int32)
    types = [span[2] for span in spans]
    corpus: Corpus = finder.corpus
    return mentions_of_rows(corpus, first, end, types, link(finder, first, end, types))
