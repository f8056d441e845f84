"""Mentions by vocabularies alone: where names stand, the longest ones."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.knowledge import Knowledge
from biolabel.apply.matches import Matches, longest, matches
from biolabel.apply.norm.lists import lists_of
from biolabel.apply.norm.shorts import with_short_forms
from biolabel.apply.norm.written_out import written_out
from biolabel.apply.terms import TermFinder
from biolabel.data.corpus import Corpus
from biolabel.data.mentions import MentionTable, mentions_of_rows
from biolabel.kb.terms import Terms

Ints = NDArray[np.int32]
Meant = dict[tuple[int, int], tuple[str, str]]
"""Half-open rows to the type and concept of the name there."""


@dataclass(frozen=True, slots=True)
class Found:
    """Mentions, and the corpus with the short forms that stand behind names (`shorts`)."""

    corpus: Corpus
    mentions: MentionTable


def dictionary_mentions(corpus: Corpus, knowledge: Knowledge) -> Found:
    """Return the names of all typed ontologies as mentions, leftmost and longest, none overlapping.

    Names count as they stand, with the short forms of the document written out, and with what shares words
    with them in a list (`lists`). Where names of several ontologies are the same words, the first of the
    program says type and concept; of several concepts the highest ranked one is taken.
    """
    finder = TermFinder(corpus, knowledge)
    typed = [(name, index) for name, index in knowledge.ontologies.items() if index.type]
    meant: Meant = {}
    for name, index in typed:
        hits, terms = finder.hits(name), index.terms(index.via)
        _add(meant, index.type, terms, (hits.first, hits.end, hits.term))
    if not meant:
        return Found(corpus, _table(corpus, meant, _longest(meant)))
    corpus = with_short_forms(corpus, _longest(meant))
    text = written_out(corpus)
    shortened = [index for _, index in typed if "abbreviation" in index.via]
    for index in shortened:
        terms = index.terms(index.via)
        _add(meant, index.type, terms, text.find(terms))
    _define(meant, corpus, {index.type for index in shortened})
    keys: dict[str, list[Sequence[str]]] = {}
    for _, index in typed:
        keys.setdefault(index.type, []).append(index.terms(index.via).keys)
    names = _longest(meant)
    meant |= dict(_lists(corpus, names, meant, keys))
    return Found(corpus, _table(corpus, meant, _longest(meant)))


def _add(meant: Meant, type_: str, terms: Terms, hits: tuple[Ints, Ints, Ints]) -> None:
    """Add names to those that stand at other places."""
    for first, end, term in zip(*(column.tolist() for column in hits), strict=True):
        if (first, end) not in meant:
            meant[first, end] = (type_, terms.concepts[term][0])


def _define(meant: Meant, corpus: Corpus, types: Set[str]) -> None:
    """Let short forms of names mean what these do, also where they are defined."""
    columns = (
        *(corpus.short_first_row, corpus.short_end_row),
        *(corpus.long_first_row, corpus.long_end_row),
    )
    for first, end, long, stop in zip(*(column.tolist() for column in columns), strict=True):
        found = meant.get((long, stop))
        if found is not None and found[0] in types:
            meant.setdefault((first, end), found)


def _lists(
    corpus: Corpus, names: Matches, meant: Meant, keys: dict[str, list[Sequence[str]]]
) -> Iterator[tuple[tuple[int, int], tuple[str, str]]]:
    """Yield the rows of lists, with the meaning of the name in each."""
    spans = list(zip(names.first.tolist(), names.end.tolist(), strict=True))

    @cache
    def known(type_: str, text: str) -> bool:
        return any(_has(each, text) for each in keys[type_])

    for number, span in lists_of(corpus, names, lambda n, text: known(meant[spans[n]][0], text)):
        yield span, meant[spans[number]]


def _has(keys: Sequence[str], text: str) -> bool:
    place = bisect_left(keys, text)
    return place < len(keys) and keys[place] == text


def _longest(meant: Meant) -> Matches:
    rows = np.array(list(meant), dtype=np.int32).reshape(-1, 2)
    return longest(matches(rows[:, 0], rows[:, 1]))


def _table(corpus: Corpus, meant: Meant, names: Matches) -> MentionTable:
    found = [meant[s] for s in zip(names.first.tolist(), names.end.tolist(), strict=True)]
    types, concepts = [type_ for type_, _ in found], [(concept,) for _, concept in found]
    return mentions_of_rows(corpus, names.first, names.end, types, concepts)
