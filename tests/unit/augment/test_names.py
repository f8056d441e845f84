"""Names: which are fit for running text, how they are written, short forms."""

import numpy as np
import pytest

from biolabel.augment.names import (
    another,
    cased,
    draw,
    outside,
    shape,
    short_form,
    some,
    stands_in,
    usable,
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("zinc", True),
        ("leukemia, plasmacytic", False),  # inverted
        ("K", False),
        ("123", False),
        ("a" * 61, False),
        ("2,5-dimethoxy-amphetamine", True),  # a comma without a blank
    ],
)
def test_usable(name: str, expected: bool) -> None:
    assert usable(name) is expected


def test_names_of_a_shape_look_alike() -> None:
    assert shape("renal failure") == shape("Liver Disease") != shape("nausea")
    assert shape("ASA") != shape("aspirin")
    assert shape("PD 98059") != shape("renal failure")
    assert shape("Li") != shape("lithium")


def test_another_name_is_not_the_old_one(rng: np.random.Generator) -> None:
    names = ("Aspirin", "acetylsalicylic acid", "ASA")
    assert {another(names, "aspirin", rng) for _ in range(50)} == {"acetylsalicylic acid", "ASA"}
    assert another(("aspirin",), "Aspirin", rng) is None
    alike = {another((*names, "zinc"), "iron", rng, alike=True) for _ in range(50)}
    assert alike == {"Aspirin", "zinc"}
    assert another(("long name",), "iron", rng, alike=True) == "long name"


def test_draw_gives_every_item(rng: np.random.Generator) -> None:
    assert {draw("abc", rng) for _ in range(100)} == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("name", "form", "expected"),
    [
        ("aspirin", "Zinc", "Aspirin"),
        ("Renal Failure", "nausea", "renal failure"),
        ("Renal Failure", "Nausea", "Renal failure"),
        ("ASA", "aspirin", "ASA"),
        ("Li", "zinc", "Li"),
        ("DOPA decarboxylase", "zinc", "DOPA decarboxylase"),
        ("Renal Failure", "RF", "Renal Failure"),
    ],
)
def test_a_name_is_written_as_the_old_one(name: str, form: str, expected: str) -> None:
    assert cased(name, form) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("acute renal failure", "ARF"),
        ("lithium", "LIT"),
        ("2,5-dimethoxy amphetamine", "2DA"),
        ("a b c d e f g", "ABCDE"),
    ],
)
def test_short_forms(name: str, expected: str) -> None:
    assert short_form(name) == expected


def test_what_stands_outside_of_spans() -> None:
    rest = outside("No pain, painful RF", [(3, 7), (4, 6)])
    assert not stands_in(rest, "pain")
    assert stands_in(rest, "RF")
    assert stands_in(outside("Pain or pain", [(0, 4)]), "PAIN")


def test_some_are_all_or_draws(rng: np.random.Generator) -> None:
    assert sorted(some("abc", 3, rng)) == ["a", "b", "c"]
    assert len(list(some(range(100), 8, rng))) == 8
    assert list(some((), 8, rng)) == []
