"""Finding ontology names in a corpus: a walk of its rows through a trie of the names."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.knowledge import Knowledge
from biolabel.apply.matches import expand_ranges, span_keys
from biolabel.apply.ontologies import cut_of
from biolabel.apply.spelling import misspelt
from biolabel.data.corpus import Corpus
from biolabel.kb.terms import Terms
from biolabel.kb.trie import trie_of

Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Hits:
    """Where names of an ontology stand: half-open rows and the name, each int32[h], sorted by first."""

    first: Ints
    end: Ints
    term: Ints


def find_terms(
    corpus: Corpus,
    terms: Terms,
    *,
    abbreviations: bool,
    cut: float | None = None,
    known: frozenset[str] | None = None,
) -> Hits:
    """Return every occurrence of every name within a sentence, overlapping ones too.

    With `abbreviations`, a short form stands for what its long form is in its document, and for
    nothing else: a definition in the text outweighs a name that happens to look the same. With a
    `cut`, names count as the corpus misspells them too (`spelling.misspelt`), but for the words that
    are `known`, by default those of the names.
    """
    begins = corpus.sentence_first_row
    parts = [
        terms.folded.find(corpus.lowers, corpus.row_lower, begins),
        terms.spelled.find(corpus.forms, corpus.row_form, begins),
    ]
    if cut is not None:
        slips = list(misspelt(terms.keys, known or terms.words, corpus.lowers, cut))
        folded = [(form, i) for form, i in slips if terms.spellings[i] is None]
        trie = trie_of([form for form, _ in folded], [i for _, i in folded])
        parts.append(trie.find(corpus.lowers, corpus.row_lower, begins))
    filled = [part for part in parts if len(part[0])] or parts[:1]
    hits = Hits(*filled[0])
    if len(filled) > 1:
        hits = _sorted(*map(np.concatenate, zip(*filled, strict=True)))
    return _with_abbreviations(corpus, hits) if abbreviations else hits


def _sorted(first: Ints, end: Ints, term: Ints) -> Hits:
    order = np.lexsort((term, end, first))
    return Hits(first[order], end[order], term[order])


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
        np.r_[hits.first[own], corpus.short_first_row[which]],
        np.r_[hits.end[own], corpus.short_end_row[which]],
        np.r_[hits.term[own], hits.term[order][at]],
    )


@dataclass(frozen=True, eq=False)
class TermFinder:
    """The names of a plan's ontologies in one corpus; each look-up is made once."""

    corpus: Corpus
    knowledge: Knowledge
    _hits: dict[tuple[str, frozenset[str]], Hits] = field(default_factory=dict)

    def terms(self, name: str, via: tuple[str, ...]) -> Terms:
        """Return the names of an ontology with the variants that `via` asks for."""
        return self.knowledge.ontologies[name].terms(via)

    def hits(self, name: str, via: tuple[str, ...] = ()) -> Hits:
        """Return where an ontology's names stand, by default in the ways that it declares.

        via: as `knowledge.ways_of` gives them; names as written are always found.
        """
        index = self.knowledge.ontologies[name]
        ways = via or index.via
        key = (name, frozenset(ways))
        if key not in self._hits:
            cut = cut_of(ways)
            self._hits[key] = find_terms(
                self.corpus,
                index.terms(ways),
                abbreviations="abbreviation" in ways,
                cut=cut,
                known=index.known(ways) if cut is not None else None,
            )
        return self._hits[key]
