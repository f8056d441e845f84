"""Concepts that become others: everywhere or not at all."""

from collections.abc import Callable

import numpy as np
import pytest

from biolabel.augment.concepts import become, single_concepts
from biolabel.augment.version import Version
from biolabel.data.documents import Mention

Labeled = Callable[..., Version]
NAMES = {
    "X:9": ("dopamine", "dopamine chloride"),
    "X:8": ("zinc",),
    "X:7": ("chronic liver disease",),
}


def changed(version: Version, **others: str) -> Version:
    mapping = {f"X:{old[1:]}": new for old, new in others.items()}
    return become(version, mapping, lambda c: NAMES[c], np.random.default_rng(0))


def test_all_forms_pairs_and_concepts_change(labeled: Labeled) -> None:
    parts = [("Lithium", "X:1"), " and ", ("lithium carbonate", "X:1"), ", ", ("pain", "X:2")]
    new = changed(labeled(parts, pairs=[("X:1", "X:2")]), x1="X:9").document
    assert new.text == "Dopamine and dopamine chloride, pain"
    assert [mention.concepts for mention in new.mentions] == [("X:9",), ("X:9",), ("X:2",)]
    assert new.relations["cid"].pairs == (("X:9", "X:2"),)


def test_a_defined_short_form_changes_with_its_long_form(labeled: Labeled) -> None:
    parts = [
        ("acute renal failure", "X:1"), " (", ("ARF", "X:1"), "). ", ("ARF", "X:1"), " passed",
    ]  # fmt: skip
    old = labeled(parts, short=[("ARF", "acute renal failure")])
    new = changed(old, x1="X:7")
    assert new.document.text == "chronic liver disease (CLD). CLD passed"
    text, entries = new.document.text, new.abbreviations.tolist()
    assert [(text[a:b], text[c:d]) for a, b, c, d in entries] == [
        ("CLD", "chronic liver disease")
    ] * 2


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ([("lithium", "X:1"), " and lithium"], "it stands outside of its mentions too"),
        (["pre", ("lithium", "X:1"), " and ", ("lithium", "X:1")], "a mention cuts a word"),
        ([("ARF", "X:1"), " of zinc"], "the new name would be"),
    ],
)
def test_half_a_document_is_never_changed(labeled: Labeled, parts: list[object], why: str) -> None:
    old = labeled(parts, short=[("ARF", "of zinc")])
    new = changed(old, x1="X:8")
    assert new.document.text == old.document.text, why
    assert [m.concepts for m in new.document.mentions] == [
        m.concepts for m in old.document.mentions
    ]


def test_single_concepts_have_one_type_and_stand_apart(labeled: Labeled) -> None:
    parts = [
        ("lithium", "X:1"), " ", ("ache", "X:2|X:3"), " ", ("zinc", "X:4", "A"), " ", ("zinc", "X:4", "B"),
        " ", ("iron dust", "X:5"),
    ]  # fmt: skip
    old = labeled(parts)
    assert single_concepts(old.document.mentions) == {"X:1": "T", "X:5": "T"}
    nested = Mention(*_place(old, "dust"), "T", ("X:6",))
    assert single_concepts((*old.document.mentions, nested)) == {"X:1": "T"}


def _place(version: Version, form: str) -> tuple[int, int]:
    at = version.document.text.index(form)
    return at, at + len(form)
