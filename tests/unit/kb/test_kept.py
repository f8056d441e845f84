from pathlib import Path

import pytest

from biolabel.kb import kept
from biolabel.kb.forms import Admission, Ways
from biolabel.kb.kept import keep, kept_lexicon, kept_terms, opened
from biolabel.kb.mapped import Column
from biolabel.kb.terms import CasePolicy, Terms, build_terms

NAMES = {
    "X:1": ("Heart failure", "HF", "naïve (oral)"),
    "X:2": ("failure", "heart-failure"),
    "X:3": ("--",),
}


def same(found: Terms, other: Terms) -> None:
    assert list(found.keys) == list(other.keys)
    assert list(found.spellings) == list(other.spellings)
    assert list(found.concepts) == list(other.concepts)
    assert list(found.written) == list(other.written)
    assert found.words == other.words
    for one, two in ((found.folded, other.folded), (found.spelled, other.spelled)):
        assert one.words.equals(two.words)
        for part in ("edges", "offsets", "names"):
            mine, theirs = getattr(one, part), getattr(two, part)
            assert mine.dtype == theirs.dtype
            assert mine.tolist() == theirs.tolist()


@pytest.mark.parametrize("case", ["fold", "smart", "exact"])
@pytest.mark.parametrize("names", [NAMES, {}])
def test_what_is_kept_comes_back(
    tmp_path: Path, names: dict[str, tuple[str, ...]], case: CasePolicy
) -> None:
    built = build_terms(names, Ways(plural=True), case=case)
    keep(built, tmp_path / "new" / "terms.arrow")
    same(opened(tmp_path / "new" / "terms.arrow"), built)


def test_columns_are_sequences(tmp_path: Path) -> None:
    keep(build_terms(NAMES), tmp_path / "terms.arrow")
    concepts = opened(tmp_path / "terms.arrow").concepts
    assert isinstance(concepts, Column)
    assert concepts[-1] == ("X:1",)
    assert list(concepts[1:3]) == list(concepts)[1:3]
    assert concepts[1] == ("X:1", "X:2")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BIOLABEL_CACHE", str(tmp_path))
    monkeypatch.setattr(kept, "LARGE", 3)
    return tmp_path / "terms"


def test_an_index_is_built_once(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built = kept_terms(NAMES, Ways(plural=True))
    assert len(list(cache.iterdir())) == 1
    monkeypatch.delattr(kept, "build_terms")
    same(kept_terms(NAMES, Ways(plural=True)), built)


def test_another_question_has_another_file(cache: Path) -> None:
    kept_terms(NAMES)
    kept_terms(NAMES, Ways(plural=True))
    kept_terms(NAMES, Ways(reorder=True))
    kept_terms(NAMES, case="smart")
    kept_terms(NAMES, admission=Admission(min_length=3))
    kept_terms({**NAMES, "X:4": ("b",)})
    assert len(list(cache.iterdir())) == 6


def test_few_names_are_not_kept(cache: Path) -> None:
    kept_terms({"X:1": ("a", "b")})
    assert not cache.exists()


@pytest.mark.parametrize("content", [b"", b"ARROW1", b"ARROW1\0\0" + b"x" * 200])
def test_a_damaged_file_is_built_anew(cache: Path, content: bytes) -> None:
    built = kept_terms(NAMES)
    (file,) = cache.iterdir()
    file.write_bytes(content)
    same(kept_terms(NAMES), built)
    same(opened(file), built)


def test_a_cache_that_cannot_be_written_does_no_harm(cache: Path) -> None:
    cache.write_text("a file")
    same(kept_terms(NAMES), build_terms(NAMES))


def test_what_several_ontologies_share_is_kept(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terms = [build_terms(NAMES), build_terms(NAMES, case="exact")]
    places = [Path("one.arrow"), Path("two.arrow")]
    built = kept_lexicon(terms, places)
    assert len(list(cache.iterdir())) == 1
    kept_lexicon(terms, places[::-1])
    assert len(list(cache.iterdir())) == 2
    monkeypatch.delattr(kept, "lexicon_of")
    again = kept_lexicon(terms, places)
    assert again.starts.tolist() == built.starts.tolist()
    for one, other in ((again.folded, built.folded), (again.spelled, built.spelled)):
        assert one.words.equals(other.words)
        for part in ("edges", "offsets", "names"):
            assert getattr(one, part).tolist() == getattr(other, part).tolist()


def test_a_changed_byte_in_the_middle_is_noticed(cache: Path) -> None:
    built = kept_terms(NAMES)
    (file,) = cache.iterdir()
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 4
    file.unlink()
    file.write_bytes(bytes(content))
    same(kept_terms(NAMES), built)
    same(opened(file), built)
