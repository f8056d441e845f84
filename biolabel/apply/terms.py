"""Finding ontology names in a corpus with one automaton over its rows."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import ahocorasick_rs
import numpy as np
from numpy.typing import NDArray

from biolabel.apply.knowledge import Knowledge
from biolabel.apply.matches import expand_ranges, span_keys
from biolabel.apply.ontologies import cut_of
from biolabel.apply.spelling import misspelt
from biolabel.data.corpus import Corpus
from biolabel.kb.terms import Terms, build_terms, vocabulary

Ints = NDArray[np.int32]
_OPEN, _CLOSE = "\x01", "\x02"


@dataclass(frozen=True, slots=True)
class Hits:
    """Where names of an ontology stand: half-open rows and the name, each int32[h], sorted by first."""

    first: Ints
    end: Ints
    term: Ints


def encode_rows(corpus: Corpus) -> tuple[str, NDArray[np.int64]]:
    """Return the corpus as one text of marked rows, and the offset of each row in it: int64[r + 1].

    The marks make every match of a name start and end with a row; sentences are kept apart.
    """
    lowers = [f"{_OPEN}{word}{_CLOSE}" for word in corpus.lowers]
    sizes = np.fromiter((len(word) for word in lowers), dtype=np.int64, count=len(lowers))
    breaks = np.zeros(len(corpus.row_lower), dtype=np.int64)
    breaks[corpus.sentence_first_row] = 1
    starts = np.r_[0, np.cumsum(sizes[corpus.row_lower] + breaks)]
    text = "".join(
        "\n" + lowers[word] if begins else lowers[word]
        for word, begins in zip(corpus.row_lower.tolist(), breaks.tolist(), strict=True)
    )
    return text, starts


def find_terms(
    corpus: Corpus,
    encoded: tuple[str, NDArray[np.int64]],
    terms: Terms,
    *,
    abbreviations: bool,
    cut: float | None = None,
    known: frozenset[str] | None = None,
) -> Hits:
    """Return every occurrence of every name, overlapping ones too.

    With `abbreviations`, a short form stands for what its long form is in its document, and for
    nothing else: a definition in the text outweighs a name that happens to look the same. With a
    `cut`, names count as the corpus misspells them too (`spelling.misspelt`), but for the words that
    are `known`, by default those of the names.
    """
    there = frozenset(corpus.lowers)
    wanted = [(key, i) for i, key in enumerate(terms.keys) if there.issuperset(key.split(" "))]
    if cut is not None:
        wanted += misspelt(terms.keys, known or terms.words, corpus.lowers, cut)
    marked = [f"{_OPEN}{key.replace(' ', _CLOSE + _OPEN)}{_CLOSE}" for key, _ in wanted]
    text, starts = encoded
    automaton = ahocorasick_rs.AhoCorasick(marked)
    found = automaton.find_matches_as_indexes(text, overlapping=True)
    table = np.array(found, dtype=np.int64).reshape(-1, 3)
    # A sentence's first row begins one sign later than its offset: the break stands before it.
    first = np.searchsorted(starts, table[:, 1], side="right") - 1
    end = np.searchsorted(starts, table[:, 2], side="left")
    numbers = np.array([i for _, i in wanted], dtype=np.int32)
    hits = _sorted(first, end, numbers[table[:, 0]] if len(table) else table[:, 0])
    hits = _in_their_case(corpus, hits, terms)
    return _with_abbreviations(corpus, hits) if abbreviations else hits


def _in_their_case(corpus: Corpus, hits: Hits, terms: Terms) -> Hits:
    """Return the hits without those in another case than their name, where its case counts."""
    counts = np.array([spelling is not None for spelling in terms.spellings], dtype=bool)
    keep = np.ones(len(hits.term), dtype=bool)
    for h in np.flatnonzero(counts[hits.term]):
        forms = (corpus.forms[f] for f in corpus.row_form[hits.first[h] : hits.end[h]])
        keep[h] = terms.spellings[hits.term[h]] == " ".join(forms)
    return Hits(hits.first[keep], hits.end[keep], hits.term[keep])


def _sorted(
    first: NDArray[np.int64], end: NDArray[np.int64], term: NDArray[np.integer[Any]]
) -> Hits:
    order = np.lexsort((term, end, first))
    return Hits(
        first[order].astype(np.int32), end[order].astype(np.int32), term[order].astype(np.int32)
    )


def _with_abbreviations(corpus: Corpus, hits: Hits) -> Hits:
    keys = span_keys(corpus, hits.first, hits.end)
    short = span_keys(corpus, corpus.short_first_row, corpus.short_end_row)
    long = span_keys(corpus, corpus.long_first_row, corpus.long_end_row)
    order = np.argsort(keys, kind="stable")
    low = np.searchsorted(keys[order], long)
    high = np.searchsorted(keys[order], long, side="right")
    which, at = expand_ranges(low, high)
    own = ~np.isin(keys, short)
    return _sorted(
        np.r_[hits.first[own], corpus.short_first_row[which]].astype(np.int64),
        np.r_[hits.end[own], corpus.short_end_row[which]].astype(np.int64),
        np.r_[hits.term[own], hits.term[order][at]],
    )


@dataclass(frozen=True, eq=False)
class TermFinder:
    """The names of a plan's ontologies in one corpus; each look-up is made once."""

    corpus: Corpus
    knowledge: Knowledge
    _terms: dict[tuple[str, bool, bool], Terms] = field(default_factory=dict)
    _hits: dict[tuple[str, frozenset[str]], Hits] = field(default_factory=dict)

    @cached_property
    def _encoded(self) -> tuple[str, NDArray[np.int64]]:
        return encode_rows(self.corpus)

    def terms(self, name: str, via: tuple[str, ...]) -> Terms:
        """Return the names of an ontology with the variants that `via` asks for."""
        key = (name, "plural" in via, "reorder" in via)
        if key not in self._terms:
            index = self.knowledge.ontologies[name]
            self._terms[key] = build_terms(
                index.ontology.names,
                plural=key[1],
                reorder=key[2],
                case=index.case,
                admission=index.admission,
            )
        return self._terms[key]

    def hits(self, name: str, via: tuple[str, ...] = ()) -> Hits:
        """Return where an ontology's names stand, by default in the ways that it declares.

        via: as `knowledge.ways_of` gives them; names as written are always found.
        """
        ways = via or self.knowledge.ontologies[name].via
        key = (name, frozenset(ways))
        if key not in self._hits:
            cut = cut_of(ways)
            self._hits[key] = find_terms(
                self.corpus,
                self._encoded,
                self.terms(name, ways),
                abbreviations="abbreviation" in ways,
                cut=cut,
                known=self._known(name, ways) if cut is not None else None,
            )
        return self._hits[key]

    def _known(self, name: str, ways: tuple[str, ...]) -> frozenset[str] | None:
        """Return the words of all names of an ontology of which only some are looked for."""
        index = self.knowledge.ontologies[name]
        if index.whole is None:
            return None
        return vocabulary(
            index.whole,
            plural="plural" in ways,
            reorder="reorder" in ways,
            admission=index.admission,
        )
