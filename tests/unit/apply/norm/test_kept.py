from dataclasses import replace
from pathlib import Path

import pytest

from biolabel.apply.norm import kept
from biolabel.apply.norm.book import NameBook, book_of
from biolabel.apply.norm.kept import kept_book
from biolabel.apply.norm.search import search
from biolabel.kb.ontology import Ontology

DISEASES = Ontology(
    {"X:1": ("Neoplasms, Lung", "lung cancer"), "X:2": ("cancer", "naïve"), "X:3": ("--",)},
    parents={"X:1": ("X:2",)},
    kinds={"X:1": {"lung cancer": "related"}},
)
OTHERS = Ontology({"Y:1": ("Cancer", "kidney disease")})
TEXTS = ["lung tumours", "Cancer", "cancre", "severe kidney disease", "other", ""]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BIOLABEL_CACHE", str(tmp_path))
    monkeypatch.setattr(kept, "LARGE", 2)
    return tmp_path / "names"


def same(found: NameBook, other: NameBook) -> None:
    for part in ("names", "concepts", "kinds"):
        assert list(getattr(found, part)) == list(getattr(other, part))
    for one, two in zip(found.tables, other.tables, strict=True):
        assert [(key, list(names)) for key, names in one.items()] == list(two.items())
        assert "no such key" not in one
    assert (found.words, found.above) == (other.words, other.above)
    assert search(TEXTS, found) == search(TEXTS, other)


def test_a_book_is_made_once(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = kept_book([DISEASES, OTHERS])
    same(made, book_of([DISEASES, OTHERS]))
    monkeypatch.delattr(kept, "book_of")
    same(kept_book([DISEASES, OTHERS]), made)
    assert len(list(cache.iterdir())) == 1


def test_other_names_kinds_or_orders_make_another_book(cache: Path) -> None:
    kept_book([DISEASES, OTHERS])
    kept_book([OTHERS, DISEASES])
    kept_book([replace(DISEASES, kinds={}), OTHERS])
    kept_book([DISEASES])
    assert len(list(cache.iterdir())) == 4


def test_a_damaged_book_is_made_again(cache: Path) -> None:
    made = kept_book([DISEASES, OTHERS])
    (file,) = cache.iterdir()
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.unlink()
    file.write_bytes(bytes(content))
    same(kept_book([DISEASES, OTHERS]), made)


def test_few_names_are_not_kept(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "LARGE", 100)
    kept_book([DISEASES])
    assert not cache.exists()
