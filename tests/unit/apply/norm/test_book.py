import numpy as np
import pytest

from biolabel.apply.norm.book import WAYS, book_of, keys_of
from biolabel.kb.ontology import Ontology

DISEASES = Ontology(
    {"X:1": ("Neoplasms, Lung", "lung cancer"), "X:2": ("cancer",), "X:3": ("--",)},
    parents={"X:1": ("X:2",)},
    kinds={"X:1": {"lung cancer": "related"}},
)


def test_keys_get_looser() -> None:
    assert keys_of("Tumours of the Lungs") == (
        "tumours of the lungs", "tumor of the lung", "lung tumor", "lung tumor",
    )  # fmt: skip
    assert keys_of("psychotic")[:3] != keys_of("psychosis")[:3]
    assert keys_of("psychotic")[3] == keys_of("psychosis")[3]
    assert len(keys_of("")) == len(WAYS)


def test_names_are_numbered_in_order_and_know_their_kind() -> None:
    book = book_of([DISEASES, Ontology({"Y:1": ("Cancer",)})])
    assert list(zip(book.names, book.concepts, book.kinds, strict=True)) == [
        ("Neoplasms, Lung", "X:1", "preferred"),
        ("lung cancer", "X:1", "related"),
        ("cancer", "X:2", "preferred"),
        ("Cancer", "Y:1", "preferred"),
    ]
    assert book.tables[0]["cancer"] == [2, 3]
    assert book.tables[2]["lung neoplasm"] == [0]
    assert "neoplasm" in book.words
    assert book.above["X:1"] == {"X:2"}


def test_likeness_is_one_for_the_same_words_and_more_for_rarer_ones() -> None:
    names = {f"X:{i}": (f"disease {word}",) for i, word in enumerate(["kidney", "liver", "lung"])}
    shared = book_of([Ontology(names)]).shared
    table = shared.likeness([["diseas", "liver"], ["diseas", "spleen"], ["spleen"], []]).toarray()
    place = {key: column for column, key in enumerate(shared.keys)}
    assert table.shape == (4, 3)
    best = place[keys_of("disease liver")[3]]
    stems = keys_of("disease liver")[3].split(" ")
    exact = shared.likeness([stems]).toarray()[0]
    assert exact[best] == pytest.approx(1)
    assert exact[place[keys_of("disease lung")[3]]] < 0.5
    assert not table[3].any()
    assert not table[2].any()


def test_of_no_names() -> None:
    book = book_of([])
    assert book.words == frozenset()
    assert np.asarray(book.shared.likeness([["a"]]).toarray()).shape == (1, 0)
