"""Contexts: which rows lie in the scope of a cue, such as a negation."""

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.matches import Matches, take
from biolabel.apply.patterns import Matcher
from biolabel.data.corpus import Corpus
from biolabel.lang import tree

Bools = NDArray[np.bool_]
Ints = NDArray[np.int32]


def context_rows(matcher: Matcher, name: str) -> Bools:
    """Return bool[rows]: the rows in scope of a cue of a context; each is looked for once a scene."""
    known = matcher.scene.contexts
    if name not in known:
        known[name] = _context_rows(matcher, matcher.scene.plan.contexts[name])
    return known[name]


def _context_rows(matcher: Matcher, context: tree.ContextDecl) -> Bools:
    """Return bool[rows]: the rows in scope of a cue of the context.

    A cue that stands before a mention opens a scope to its right, one that stands after to its left;
    the scope ends after `reach`, at a `stop_at` match and with the sentence; a cue that overlaps a
    `pseudo` match opens none.
    """
    corpus = matcher.scene.corpus
    pseudo = _rows_of(corpus, matcher.find(context.pseudo)) if context.pseudo else None
    stops = matcher.find(context.stop_at) if context.stop_at else None
    change = np.zeros(len(corpus.row_start) + 1, dtype=np.int32)
    for cues, forward in ((context.cues_before, True), (context.cues_after, False)):
        if cues is None:
            continue
        found = matcher.find(cues)
        if pseudo is not None:
            total = np.r_[0, np.cumsum(pseudo)]
            found = take(found, total[found.end] == total[found.first])
        first, end = _scopes(corpus, found, stops, context.reach, forward=forward)
        np.add.at(change, first, 1)
        np.add.at(change, end, -1)
    return np.cumsum(change[:-1]) > 0


def _scopes(
    corpus: Corpus,
    cues: Matches,
    stops: Matches | None,
    reach: tuple[int, tree.Unit] | None,
    *,
    forward: bool,
) -> tuple[Ints, Ints]:
    words, sentence = corpus.words_before, corpus.row_sentence[cues.first]
    if forward:
        first, end = cues.end, corpus.sentence_end_row[sentence]
        if reach is not None and reach[1] == "words":
            end = np.minimum(end, np.searchsorted(words, words[first] + reach[0]))
        if stops is not None and len(stops):
            at = np.searchsorted(stops.first, first)
            limit = np.r_[stops.first, len(words)][at]
            end = np.minimum(end, limit)
    else:
        first, end = corpus.sentence_first_row[sentence], cues.first
        if reach is not None and reach[1] == "words":
            low = np.searchsorted(words, words[end] - reach[0], side="right") - 1
            first = np.maximum(first, low)
        if stops is not None and len(stops):
            ends = np.sort(stops.end)
            at = np.searchsorted(ends, end, side="right")
            first = np.maximum(first, np.r_[0, ends][at])
    return first.astype(np.int32), np.maximum(first, end).astype(np.int32)


def _rows_of(corpus: Corpus, found: Matches) -> Bools:
    change = np.zeros(len(corpus.row_start) + 1, dtype=np.int32)
    np.add.at(change, found.first, 1)
    np.add.at(change, found.end, -1)
    return np.cumsum(change[:-1]) > 0
