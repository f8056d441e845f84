"""From labeled words to mentions with concepts."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.matches import expand_ranges
from biolabel.apply.terms import TermFinder
from biolabel.data.corpus import Corpus
from biolabel.data.labels import SoftLabels
from biolabel.data.mentions import MentionTable, mentions_of_rows
from biolabel.data.votes import TaskVotes, affirms

Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]


def decode_mentions(finder: TermFinder, soft: SoftLabels, votes: TaskVotes) -> MentionTable:
    """Return the mentions that the labels of words, or of spans, say.

    A word belongs to a mention when its most probable label is not `none` (or, where several may
    hold, of each label with at least one half); two neighbors of a sentence with one label are one
    mention when the span of a labeling function that voted for the label covers both. Of spans that
    overlap under one label the most probable is a mention, the longer one where they tie.
    """
    corpus, labels = finder.corpus, soft.task.labels
    starts, ends, types = [], [], []
    for bit in range(len(labels)):
        if labels[bit] != "none":
            chosen = soft.covered & _chosen(soft, bit)
            if votes.spans is not None:
                first, end = _best_spans(votes.spans, soft.probabilities[:, bit], chosen)
            else:
                first, end = _runs(chosen, _covered_steps(votes, bit))
            starts.append(first)
            ends.append(end)
            types += [labels[bit]] * len(first)
    none = np.empty(0, dtype=np.int32)
    first, end = np.concatenate([none, *starts]), np.concatenate([none, *ends])
    return mentions_of_rows(corpus, first, end, types, link(finder, first, end, types))


def word_labels(soft: SoftLabels, votes: TaskVotes, n_rows: int) -> SoftLabels:
    """Return labels of words, also where a task labels spans: a word gets those of its best span.

    The best is the span whose most probable label is not `none` and is the most probable, else the
    longest one.
    """
    if votes.spans is None:
        return soft
    labels = soft.task.labels
    none = labels.index("none")
    best = np.delete(soft.probabilities, none, axis=1).max(axis=1, initial=0)
    size = votes.spans[:, 1] - votes.spans[:, 0]
    order = np.lexsort((size, np.where(best > soft.probabilities[:, none], best, 0), soft.covered))
    probabilities = np.zeros((n_rows, len(labels)), dtype=np.float32)
    probabilities[:, none] = 1
    covered = np.zeros(n_rows, dtype=bool)
    for i in order.tolist():
        rows = slice(*votes.spans[i].tolist())
        probabilities[rows], covered[rows] = soft.probabilities[i], soft.covered[i]
    return SoftLabels(soft.task, probabilities, covered)


def _chosen(soft: SoftLabels, bit: int) -> Bools:
    if soft.task.exclusive:
        none = soft.probabilities[:, soft.task.labels.index("none")]
        best = soft.probabilities.argmax(axis=1) == bit
        # Rules that only say what a word is not leave a tie, which is no mention.
        return np.asarray(best & (soft.probabilities[:, bit] > none))
    return np.asarray(soft.probabilities[:, bit] >= 0.5)


def _runs(chosen: Bools, covers: Bools) -> tuple[Ints, Ints]:
    """Return first and end rows of runs of chosen words that spans cover step by step."""
    joined = chosen & np.r_[chosen[1:], False] & covers
    starts = np.flatnonzero(chosen & ~np.r_[False, joined[:-1]]).astype(np.int32)
    return starts, (np.flatnonzero(chosen & ~joined) + 1).astype(np.int32)


def _covered_steps(votes: TaskVotes, bit: int) -> Bools:
    """Return bool[rows]: whether a span that voted for a label alone covers a row and the next one.

    Where several labels may hold, a vote may be one for each of its labels (`data.votes.affirms`).
    """
    matrix = votes.matrix
    alone = matrix.mask & (matrix.mask - 1) == 0
    few = alone if matrix.task.exclusive else affirms(matrix)
    active = ~np.array([*(lf.draft for lf in matrix.lfs), False], dtype=bool)[matrix.lf]
    spans = np.unique(votes.evidence[(matrix.mask >> bit & 1 > 0) & few & active], axis=0)
    change = np.zeros(matrix.n_candidates + 1, dtype=np.int32)
    np.add.at(change, spans[:, 0], 1)
    np.add.at(change, spans[:, 1] - 1, -1)
    return np.cumsum(change[:-1]) > 0


def _best_spans(spans: Ints, probability: NDArray[np.float32], chosen: Bools) -> tuple[Ints, Ints]:
    """Return first and end rows of chosen spans, the more probable and then the longer ones first."""
    index = np.flatnonzero(chosen)
    size = spans[index, 1] - spans[index, 0]
    taken: set[int] = set()
    kept: list[int] = []
    for i in index[np.lexsort((spans[index, 0], -size, -probability[index]))].tolist():
        rows = range(*spans[i].tolist())
        if taken.isdisjoint(rows):
            taken.update(rows)
            kept.append(i)
    kept.sort()
    return spans[kept, 0], spans[kept, 1]


def link(finder: TermFinder, first: Ints, end: Ints, types: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the concept of each span: of the name that is the whole span, else of the longest inside.

    Ontologies are asked in the order of the program, those of the span's type only; a name with
    several concepts stands for the highest ranked.
    """
    found: list[tuple[str, ...]] = [()] * len(first)
    length = np.zeros(len(first), dtype=np.int64)
    for name, index in finder.knowledge.ontologies.items():
        asked = np.flatnonzero(np.array([type_ == index.type for type_ in types], dtype=bool))
        if not len(asked):
            continue
        hits, terms = finder.hits(name), finder.terms(name, index.via)
        low, high = np.searchsorted(hits.first, np.stack([first[asked], end[asked]]))
        which, at = expand_ranges(low, high)
        inside = hits.end[at] <= end[asked[which]]
        which, at = asked[which[inside]], at[inside]
        size = hits.end[at] - hits.first[at]
        # Of each span the longest name inside, the first one of these.
        order = np.lexsort((at, -size, which))
        best = order[np.flatnonzero(np.diff(which[order], prepend=-1))]
        best = best[size[best] > length[which[best]]]
        length[which[best]] = size[best]
        for span, term in zip(which[best].tolist(), hits.term[at[best]].tolist(), strict=True):
            found[span] = terms.concepts[term][:1]
    return found


def mentions_of_spans(finder: TermFinder, spans: Sequence[tuple[int, int, str]]) -> MentionTable:
    """Return mentions for (first row, end row, type) spans, such as an end model finds."""
    first = np.array([span[0] for span in spans], dtype=np.int32)
    end = np.array([span[1] for span in spans], dtype=np.int32)
    types = [span[2] for span in spans]
    corpus: Corpus = finder.corpus
    return mentions_of_rows(corpus, first, end, types, link(finder, first, end, types))
