"""All names of some ontologies under keys of growing looseness, and by the words that they share."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy import sparse

from biolabel.apply.norm.forms import bag, content, sense_words, stem
from biolabel.data.words import key_of
from biolabel.kb.ontology import Ontology
from biolabel.kb.phrases import split

WAYS = ("exact", "spelling", "order", "ending")
"""How a text and a name may be the same, the strictest first: by `key_of`; by words in one spelling and
number; by these without order and empty words; by their stems."""


UNKNOWN = 0.5
"""The weight of a word that no name has, as a share of the largest; on the training parts of BC5CDR and the
NCBI disease corpus, 0.4 to 1 differ by less than .003 in accuracy."""


def keys_of(text: str) -> tuple[str, ...]:
    """Return the key of a text for each of `WAYS`."""
    words = sense_words(text)
    told = content(words)
    return key_of(text), " ".join(words), bag(told), bag([stem(word) for word in told])


@dataclass(frozen=True, eq=False)
class NameBook:
    """Names that mentions of one type may be, numbered in the order of their ontologies.

    names, concepts, kinds: the text, the CURIE and the kind of each name, which is "preferred" for the
    first one of a concept and else what `Ontology.kind` says; tables: for each of `WAYS`, a key to the
    numbers of its names, ascending; ontologies: for their hierarchies.
    """

    names: Sequence[str]
    concepts: Sequence[str]
    kinds: Sequence[str]
    tables: tuple[Mapping[str, Sequence[int]], ...]
    ontologies: tuple[Ontology, ...]

    def source(self, name: int) -> int:
        """Return which of the ontologies, by number, has a name for its concept first."""
        text, concept = self.names[name], self.concepts[name]
        return next(i for i, o in enumerate(self.ontologies) if text in o.names.get(concept, ()))

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of every name, as `forms.sense_words` has it."""
        return frozenset(word for key in self.tables[1] for word in key.split(" "))

    @cached_property
    def above(self) -> Mapping[str, frozenset[str]]:
        """The concepts directly above each concept, in any of the ontologies."""
        found: dict[str, frozenset[str]] = {}
        for ontology in self.ontologies:
            for concept, parents in ontology.above.items():
                found[concept] = found.get(concept, frozenset()) | parents
        return found

    @cached_property
    def shared(self) -> "SharedWords":
        """The names by the stems of their words, each set of stems once."""
        return shared_words(self.tables[-1])


@dataclass(frozen=True, eq=False)
class SharedWords:
    """Sets of stems as rows of a matrix, for the likeness of a text to all of them at once.

    stems: stem to column; weights: float32[s]; matrix: float32[k, s], rows of length 1; keys: the key of
    each row. The weight of a stem is its inverse document frequency, ln(1 + k / keys with it) (Salton and
    Buckley 1988, Term-weighting approaches in automatic text retrieval): what many names have tells them
    apart least.
    """

    stems: Mapping[str, int]
    weights: NDArray[np.float32]
    matrix: sparse.csr_array
    keys: Sequence[str]

    def likeness(self, texts: Sequence[Sequence[str]]) -> sparse.csr_array:
        """Return the cosine of texts, as stems, to all keys: float32[texts, k].

        A stem of a text that no name has weighs half as much as one that a single name has.
        """
        unknown = UNKNOWN * float(np.log1p(len(self.keys)))
        rows, columns, values = [], [], []
        for number, text in enumerate(texts):
            distinct = dict.fromkeys(text)
            weight = [self.weights[self.stems[s]] if s in self.stems else unknown for s in distinct]
            size = float(np.linalg.norm(weight)) or 1.0
            for each, value in zip(distinct, weight, strict=True):
                if each in self.stems:
                    rows.append(number)
                    columns.append(self.stems[each])
                    values.append(value / size)
        shape = (len(texts), len(self.stems))
        asked = sparse.csr_array((np.array(values, np.float32), (rows, columns)), shape=shape)
        return sparse.csr_array(asked @ self.matrix.T)


def shared_words(keys: Iterable[str]) -> SharedWords:
    """Return the stems of keys, which are stems joined by blanks, as a matrix."""
    texts = [key for key in keys if key]
    phrases, stems = split(pa.array(texts, pa.string()))
    column, sizes = phrases.word, phrases.sizes
    weights = np.log1p(len(texts) / np.bincount(column, minlength=len(stems)))
    values = weights[column]
    row = np.repeat(np.arange(len(texts)), sizes)
    norm = np.sqrt(np.bincount(row, values**2, minlength=len(texts)))
    matrix = sparse.csr_array(
        ((values / norm[row]).astype(np.float32), column, phrases.first),
        shape=(len(texts), len(stems)),
    )
    numbers = {stem: number for number, stem in enumerate(stems)}
    return SharedWords(numbers, weights.astype(np.float32), matrix, texts)


def book_of(ontologies: Sequence[Ontology]) -> NameBook:
    """Return the names of some ontologies as a book; earlier ontologies come first."""
    names: list[str] = []
    concepts: list[str] = []
    kinds: list[str] = []
    tables: tuple[dict[str, list[int]], ...] = tuple({} for _ in WAYS)
    for ontology in ontologies:
        for concept, texts in ontology.names.items():
            for place, text in enumerate(texts):
                keys = keys_of(text)
                if not keys[0]:
                    continue
                for table, key in zip(tables, keys, strict=True):
                    table.setdefault(key, []).append(len(names))
                names.append(text)
                concepts.append(concept)
                kinds.append(ontology.kind(concept, text) if place else "preferred")
    return NameBook(names, concepts, kinds, tables, tuple(ontologies))
