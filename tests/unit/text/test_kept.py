"""What was found once is not looked for again, unless something else is asked."""

from pathlib import Path

import pytest

from biolabel.data.documents import Document, Passage
from biolabel.text.build import Abbreviation, Annotate, Annotation
from biolabel.text.kept import keeping
from biolabel.text.pipeline import Pipeline

FOUND = Annotation((0, 7), (Abbreviation(3, 5, 0, 2),))


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of an empty cache."""
    monkeypatch.setenv("BIOLABEL_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def counting(seen: list[str], pipeline: Pipeline) -> Annotate:
    """Return text processing that notes the texts which it really sees."""

    def annotate(document: Document) -> Annotation:
        seen.append(document.text)
        return FOUND

    return keeping(pipeline, lambda: annotate)


def text(passage: str, name: str = "1") -> Document:
    return Document(name, (Passage("abstract", 0, passage),))


@pytest.mark.usefixtures("cache")
def test_a_text_is_processed_once() -> None:
    seen: list[str] = []
    for _ in range(2):
        annotate = counting(seen, Pipeline())
        assert [annotate(text("One. Two.", name)) for name in "ab"] == [FOUND, FOUND]
    assert seen == ["One. Two."]
    counting(seen, Pipeline(abbreviations=False))(text("One. Two."))
    annotate(text("One. Two!"))
    assert seen == ["One. Two.", "One. Two.", "One. Two!"]


@pytest.mark.parametrize("pipeline", [Pipeline(tokens="own"), Pipeline(tagger="own")])
def test_what_trained_pipelines_find_is_not_kept(cache: Path, pipeline: Pipeline) -> None:
    seen: list[str] = []
    annotate = counting(seen, pipeline)
    assert [annotate(text("One. Two.")) for _ in "ab"] == [FOUND, FOUND]
    assert len(seen) == 2
    assert not cache.exists()


@pytest.mark.parametrize(
    "broken",
    ["", "null", "{}", '{"sentence_starts": ["x"], "abbreviations": []}',
     '{"sentence_starts": [0], "abbreviations": [[1]]}'],
)  # fmt: skip
def test_a_broken_cache_is_made_anew(cache: Path, broken: str) -> None:
    seen: list[str] = []
    annotate = counting(seen, Pipeline())
    annotate(text("One. Two."))
    (file,) = cache.rglob("*.json")
    written = file.read_text()
    file.write_text(broken)
    assert annotate(text("One. Two.")) == FOUND
    assert file.read_text() == written


def test_a_cache_that_cannot_be_written(cache: Path) -> None:
    cache.write_text("a file")
    assert counting([], Pipeline())(text("One. Two.")) == FOUND
