"""Soft-labeled documents made of marked parts, for every test of a transformation."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from biolabel.augment.version import Version, untouched
from biolabel.data.documents import Mention
from biolabel.data.rows import rows_of
from biolabel.data.training import LabeledDocument, PairLabels, TopicLabels, WordLabels

Part = str | tuple[str, str] | tuple[str, str, str]
"""A text, or a mention: its form, its concepts joined by |, and its type if that is not T."""


def labeled_of(
    parts: Sequence[Part],
    *extra: Mention,
    pairs: Sequence[tuple[str, str]] = (),
    sentences: Sequence[int] = (0,),
    short: Sequence[tuple[str, str]] = (),
) -> Version:
    """Join parts to a document whose word labels tell which words are in a mention.

    short: short forms with their long forms, of which the text has each one's first as definition.
    """
    text, mentions = "", []
    for part in parts:
        form, concepts, type_ = (*part, "", "T")[:3] if isinstance(part, tuple) else (part, "", "")
        if isinstance(part, tuple):
            type_ = part[2] if len(part) == 3 else "T"
            names = tuple(concepts.split("|")) if concepts else ()
            mentions.append(Mention(len(text), len(text) + len(form), type_, names))
        text += form
    words, _ = rows_of(text)
    inside = [any(m.start <= s and e <= m.end for m in mentions) for s, e in words.tolist()]
    labels = np.array([[i, 1 - i] for i in inside], dtype=np.float32).reshape(-1, 2)
    positive = np.tile(np.array([0.8, 0.2], dtype=np.float32), (len(pairs), 1))
    document = LabeledDocument(
        "d",
        text,
        words,
        (*mentions, *extra),
        {"names": WordLabels(labels, np.ones(len(words), dtype=np.float32))},
        {"cid": PairLabels(tuple(pairs), positive, np.ones(len(pairs), dtype=np.float32))},
        {"kind": TopicLabels(np.array([0.9, 0.1], dtype=np.float32), 1.0)},
    )
    entries = [
        (at, at + len(form), text.index(long), text.index(long) + len(long))
        for form, long in short
        for at in range(len(text))
        if text.startswith(form, at) and not text[at - 1 : at].isalnum()
    ]
    return untouched(document, sentences=sentences, abbreviations=entries)


@pytest.fixture(scope="session")
def labeled() -> Callable[..., Version]:
    """Return the function that makes a document of parts."""
    return labeled_of


@pytest.fixture
def rng() -> np.random.Generator:
    """Return a generator with a fixed seed."""
    return np.random.default_rng(0)
