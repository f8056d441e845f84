"""Finding ontology names in a corpus: a walk of its rows through a trie of the names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.knowledge import Knowledge
from biolabel.apply.matches import expand_ranges, span_keys
from biolabel.apply.ontologies import cut_of, variants_of
from biolabel.apply.spelling import misspelt
from biolabel.data.corpus import Corpus
from biolabel.kb.forms import Ways
from biolabel.kb.lexicon import Lexicon
from biolabel.kb.terms import Terms
from biolabel.kb.trie import Trie

Ints = NDArray[np.int32]

_OPENING = frozenset("([{<")


@dataclass(frozen=True, slots=True)
class Hits:
    """Where names of an ontology stand: half-open rows and the name, each int32[h], sorted by first."""

    first: Ints
    end: Ints
    term: Ints


def find_terms(corpus: Corpus, terms: Terms, *, abbreviations: bool) -> Hits:
    """Return every occurrence of every name within a sentence, overlapping ones too.

    With `abbreviations`, a short form stands for what its long form is in its document, and for
    nothing else: a definition in the text outweighs a name that happens to look the same.
    """
    hits = _walked(corpus, terms)
    return _with_abbreviations(corpus, hits) if abbreviations else hits


def _walked(
    corpus: Corpus,
    names: Terms | Lexicon,
    meant: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Hits:
    """Return where names stand, of which words of the corpus may mean others (`Trie.find`)."""
    begins = corpus.sentence_first_row
    folded = names.folded.find(corpus.lowers, corpus.row_lower, begins, meant)
    spelled = names.spelled.find(corpus.forms, corpus.row_form, begins)
    if not len(spelled[0]):
        return Hits(*folded)
    return _sorted(*map(np.concatenate, zip(folded, spelled, strict=True)))


def _sorted(first: Ints, end: Ints, term: Ints) -> Hits:
    order = np.lexsort((term, end, first))
    return Hits(first[order], end[order], term[order])


def _with_bare(corpus: Corpus, hits: Hits, bare: Trie) -> Hits:
    """Return hits with those of names that lack what stands in front (`kb.bare`).

    Only where no row is in a hit, and nothing else stands in front: "3-acetylaminofluorene" is not
    the "2-acetylaminofluorene" that may be meant without a number.
    """
    found = Hits(*bare.find(corpus.lowers, corpus.row_lower, corpus.sentence_first_row))
    rows = len(corpus.row_start)
    steps = np.bincount(hits.first, minlength=rows + 1) - np.bincount(hits.end, minlength=rows + 1)
    covered = np.append(0, np.cumsum(np.cumsum(steps) > 0))
    free = covered[found.end] == covered[found.first]
    free[free] = [not _fronted(corpus, row) for row in found.first[free].tolist()]
    return _sorted(
        np.r_[hits.first, found.first[free]],
        np.r_[hits.end, found.end[free]],
        np.r_[hits.term, found.term[free]],
    )


def _fronted(corpus: Corpus, row: int) -> bool:
    """Return whether the row before touches this one or is joined to it, and opens no bracket."""
    if row == 0 or corpus.row_doc[row - 1] != corpus.row_doc[row]:
        return False
    end = int(corpus.row_end[row - 1])
    between = corpus.texts[int(corpus.row_doc[row])][end : int(corpus.row_start[row])]
    opens = corpus.forms[int(corpus.row_form[row - 1])] in _OPENING
    return not (opens or "/" in between or any(sign.isspace() for sign in between))


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
    _exact: dict[tuple[str, Ways], Hits] = field(default_factory=dict)
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
            if cut is None:
                hits = self._as_indexed(name, ways)
            else:
                terms = index.terms(ways)
                known = index.known(ways) or terms.words
                hits = _walked(self.corpus, terms, misspelt(known, self.corpus.lowers, cut))
                hits = _with_bare(self.corpus, hits, index.bare(ways))
            if "abbreviation" in ways:
                hits = _with_abbreviations(self.corpus, hits)
            self._hits[key] = hits
        return self._hits[key]

    def _as_indexed(self, name: str, ways: tuple[str, ...]) -> Hits:
        """Return where the forms in an ontology's index stand.

        One walk finds those of all ontologies in the ways that they declare.
        """
        ontologies = self.knowledge.ontologies
        key = (name, variants_of(ways))
        if key not in self._exact and key[1] == variants_of(ontologies[name].via):
            hits = _walked(self.corpus, self.knowledge.lexicon)
            parts = self.knowledge.lexicon.shares(hits.first, hits.end, hits.term)
            for (each, index), part in zip(ontologies.items(), parts, strict=True):
                self._exact[each, variants_of(index.via)] = Hits(*part)
        if key not in self._exact:
            self._exact[key] = _walked(self.corpus, ontologies[name].terms(ways))
        return self._exact[key]
