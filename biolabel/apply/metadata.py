"""Metadata of documents: each item of a field is a text of its own, or a number."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.matches import expand_ranges
from biolabel.apply.patterns import Matcher
from biolabel.apply.regions import Ranges
from biolabel.apply.scene import Frame, Scene
from biolabel.apply.terms import TermFinder
from biolabel.data.corpus import Corpus
from biolabel.data.documents import Document, Passage
from biolabel.data.mentions import joined
from biolabel.text.build import Annotation, corpus_of

Ints = NDArray[np.int32]
# A number at the start of an item, so that "2001-01-03" and "2001 Jan" are years.
_NUMBER = re.compile(r"\s*([-+]?\d+(?:\.\d+)?)(?![\w.])")


@dataclass(frozen=True, eq=False)
class MetaTexts:
    """The items of one field as documents of a small corpus, one sentence each.

    documents: int32[i], ascending, the document of each item; has: bool[d], which have the field.
    """

    matcher: Matcher
    documents: Ints
    has: NDArray[np.bool_]

    def ranges(self, frame: Frame) -> Ranges:
        """Return the rows of the items of each row's document, unknown without the field."""
        low = np.searchsorted(self.documents, frame.doc)
        owner, item = expand_ranges(low, np.searchsorted(self.documents, frame.doc, side="right"))
        rows = self.matcher.scene.corpus.doc_rows
        return Ranges(rows[item], rows[item + 1], owner, self.has[frame.doc])


def meta_texts(scene: Scene, field: str) -> MetaTexts:
    """Return the items of a metadata field; those of each field are read once a scene."""
    if field not in scene.metadata:
        meta = scene.corpus.meta
        items = [(doc, text) for doc, fields in enumerate(meta) for text in fields.get(field, ())]
        over = corpus_of(
            # A corpus has a document, whose rows nobody asks for if there is no item.
            [_item(i, text) for i, (_, text) in enumerate(items)] or [_item(0, "")],
            lambda _: Annotation(()),
        )
        finder = TermFinder(over, scene.finder.knowledge)
        inner = Scene(over, scene.plan, finder, joined([]))
        none = np.empty(0, dtype=np.int32)
        scene.metadata[field] = MetaTexts(
            Matcher(inner, Frame(none, none, 0, {})),
            np.array([doc for doc, _ in items], dtype=np.int32),
            np.array([field in fields for fields in meta], dtype=bool),
        )
    return scene.metadata[field]


def _item(number: int, text: str) -> Document:
    return Document(str(number), (Passage("meta", 0, text),))


def meta_numbers(corpus: Corpus, field: str) -> NDArray[np.float64]:
    """Return the number of a field in each document, NaN without one: float64[d].

    It is the number with which the first item that begins with one begins.
    """
    return np.array([_number(fields.get(field, ())) for fields in corpus.meta], dtype=np.float64)


def _number(items: tuple[str, ...]) -> float:
    found = (_NUMBER.match(item) for item in items)
    return next((float(match[1]) for match in found if match), float("nan"))
