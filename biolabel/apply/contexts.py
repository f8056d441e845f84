"""Contexts: which rows lie in the scope of a cue, such as a negation."""

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.attributes import unsure
from biolabel.apply.matches import Matches, expand_ranges, take
from biolabel.apply.patterns import Matcher
from biolabel.apply.regions import within_window
from biolabel.apply.scene import Side
from biolabel.data.corpus import Corpus
from biolabel.lang import tree

Bools = NDArray[np.bool_]
Ints = NDArray[np.int32]


def context_rows(matcher: Matcher, name: str, *, possible: bool = False) -> Bools:
    """Return bool[rows]: the rows in scope of a cue of a context; each is looked for once a scene.

    possible: those that could be in scope if all attributes of words were known.
    """
    context, known = matcher.scene.plan.contexts[name], matcher.scene.contexts
    possible = possible and unsure(matcher.scene, context)
    if (name, possible) not in known:
        known[name, possible] = _context_rows(matcher, context, possible=possible)
    return known[name, possible]


def _context_rows(matcher: Matcher, context: tree.ContextDecl, *, possible: bool) -> Bools:
    """Return bool[rows]: the rows in scope of a cue of the context.

    A cue that stands before a mention opens a scope to its right, one that stands after to its left;
    the scope ends after `reach` (words and characters of the cue's sentence, or so many sentences
    with the cue's as the first), at a `stop_at` match and by default with the sentence; a cue that
    overlaps a `pseudo` match opens none.
    """
    corpus = matcher.scene.corpus
    # What voids or stops a cue makes scopes smaller, so certainty and possibility change places.
    opens, closes = matcher.find, matcher.possible
    if possible:
        opens, closes = closes, opens
    pseudo = _rows_of(corpus, closes(context.pseudo)) if context.pseudo else None
    stops = closes(context.stop_at) if context.stop_at else None
    scope = np.zeros(len(corpus.row_start), dtype=bool)
    for cues, forward in ((context.cues_before, True), (context.cues_after, False)):
        if cues is None:
            continue
        found = opens(cues)
        if pseudo is not None:
            which, row = expand_ranges(found.first, found.end)
            void = np.zeros(len(found), dtype=bool)
            void[which[pseudo[row]]] = True
            found = take(found, ~void)
        first, end = _scopes(corpus, found, stops, context.reach, forward=forward)
        scope[expand_ranges(first, end)[1]] = True
    return scope


def _scopes(
    corpus: Corpus,
    cues: Matches,
    stops: Matches | None,
    reach: tuple[int, tree.Unit] | None,
    *,
    forward: bool,
) -> tuple[Ints, Ints]:
    low, high = _limits(corpus, cues, reach)
    if forward:
        first, end = cues.end, high
        if stops is not None and len(stops):
            at = np.searchsorted(stops.first, first)
            limit = np.append(stops.first, np.int32(len(corpus.row_start)))[at]
            end = np.minimum(end, limit)
    else:
        first, end = low, cues.first
        if stops is not None and len(stops):
            ends = np.sort(stops.end, kind="stable")
            at = np.searchsorted(ends, end, side="right")
            first = np.maximum(first, np.r_[0, ends][at])
    return first.astype(np.int32), np.maximum(first, end).astype(np.int32)


def _limits(
    corpus: Corpus, cues: Matches, reach: tuple[int, tree.Unit] | None
) -> tuple[Ints, Ints]:
    """Return the first row and the end of what a cue can reach: its sentence, or what `reach` says."""
    number, unit = reach or (1, "sentences")
    sentence, doc = corpus.row_sentence[cues.first], corpus.row_doc[cues.first]
    if unit == "sentences":
        first = np.maximum(sentence - (number - 1), corpus.doc_sentences[doc])
        last = np.minimum(sentence + (number - 1), corpus.doc_sentences[doc + 1] - 1)
        return corpus.sentence_first_row[first], corpus.sentence_end_row[last]
    none = np.full(len(cues), -1, dtype=np.int32)
    side = Side(cues.first, cues.end, none, none)
    low, high = corpus.sentence_first_row[sentence], corpus.sentence_end_row[sentence]
    return within_window(corpus, side, tree.Window(number, unit), low, high)


def _rows_of(corpus: Corpus, found: Matches) -> Bools:
    rows = np.zeros(len(corpus.row_start), dtype=bool)
    rows[expand_ranges(found.first, found.end)[1]] = True
    return rows
