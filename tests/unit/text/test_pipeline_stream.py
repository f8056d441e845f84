"""Streams of documents: what is found, and kept, however they are cut and whoever works on them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from biolabel.data.documents import Document, Passage
from biolabel.data.executor import Processes
from biolabel.errors import CorpusError
from biolabel.text import pipeline, trained
from biolabel.text.build import Annotate, Annotation
from biolabel.text.kept import Kept
from biolabel.text.pipeline import Pipeline, annotation_stream, annotator, kept_annotations

SMALL = "en_core_web_sm"


@pytest.fixture(scope="module")
def annotate() -> Annotate:
    return annotator(Pipeline())


def many(n: int) -> list[Document]:
    """Return documents of different texts, one of them empty."""
    text = "We saw {} rats (WR). It was the {}th time, i.e. the last. WR died."
    return [
        Document(str(i), (Passage("abstract", 3, text.format(i, i) if i else ""),))
        for i in range(n)
    ]


@pytest.mark.parametrize(
    ("workers", "batch"),
    [(1, 7), *(pytest.param(2, n, marks=pytest.mark.slow) for n in (2, 5))],
)
def test_what_is_found_depends_on_neither_workers_nor_batches(
    workers: int, batch: int, monkeypatch: pytest.MonkeyPatch, annotate: Annotate
) -> None:
    monkeypatch.setattr("biolabel.text.pipeline._BATCH", batch)
    monkeypatch.setattr("biolabel.text.pipeline._SMALL", 1)
    documents = many(23)
    found = list(annotation_stream(Pipeline(), Processes(workers))(documents))
    assert found == [(document, annotate(document)) for document in documents]


def test_trees_do_not_depend_on_the_other_documents() -> None:
    trees = Pipeline(tagger=SMALL, parser=SMALL)
    documents, annotate = many(7), annotator(trees)
    found = [annotation for _, annotation in annotation_stream(trees)(documents)]
    assert found == [annotate(document) for document in documents]


class Counted:
    """Documents that note how many of them were asked for."""

    def __init__(self, documents: list[Document]) -> None:
        self.documents = documents
        self.taken = 0

    def __iter__(self) -> Iterator[Document]:
        for document in self.documents:
            self.taken += 1
            yield document


def test_a_long_stream_is_not_read_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("biolabel.text.pipeline._BATCH", 4)
    kept = Kept(tmp_path / "kept.sqlite")
    for _ in range(2):
        documents = Counted(many(200))
        stream = annotation_stream(Pipeline(), kept=kept)(documents)
        next(stream)
        assert documents.taken <= 48
        list(stream)


def test_what_is_kept_is_not_looked_for_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("biolabel.text.pipeline._BATCH", 4)
    documents = many(30)
    kept = Kept(tmp_path / "kept.sqlite")
    made: list[Document] = []
    batch = pipeline._Annotating.batch

    def counting(self: pipeline._Annotating, given: list[Document]) -> Iterator[Annotation]:
        made.extend(given)
        return batch(self, given)

    monkeypatch.setattr(pipeline._Annotating, "batch", counting)
    whole = list(annotation_stream(Pipeline())(documents))
    made.clear()
    list(annotation_stream(Pipeline(), kept=kept)(documents[:10] + documents[20:]))
    assert len(made) == 20
    made.clear()
    assert list(annotation_stream(Pipeline(), kept=kept)(documents)) == whole
    assert [document.id for document in made] == [str(i) for i in range(10, 20)]
    made.clear()
    assert list(annotation_stream(Pipeline(), kept=kept)(documents)) == whole
    assert made == []


def test_nothing_is_kept_of_what_is_found_at_once(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "kept.sqlite")
    light = Pipeline(sentences="naive", abbreviations=False)
    assert len(list(annotation_stream(light, kept=kept)(many(3)))) == 3
    assert not kept.path.exists()


def test_each_way_of_processing_is_kept_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    ways = [Pipeline(), Pipeline(abbreviations=False), Pipeline(tagger=SMALL)]
    assert len({kept_annotations(way).path for way in ways}) == 3
    assert kept_annotations(Pipeline(sections="pubmed")) == kept_annotations(Pipeline())
    before = kept_annotations(Pipeline(tagger=SMALL))
    monkeypatch.setattr(trained, "installed", lambda: {SMALL: "0.0"})
    assert kept_annotations(Pipeline(tagger=SMALL)) != before
    with pytest.raises(CorpusError, match="en_core_sci_xx is not installed"):
        kept_annotations(Pipeline(parser="en_core_sci_xx"))


KILLED = """
import os, signal, sys
from pathlib import Path
from biolabel.data.executor import Processes
from biolabel.text import pipeline
from biolabel.text.build import naive
from biolabel.text.formats.pubtator import read
from biolabel.text.kept import Kept
from biolabel.text.pipeline import Pipeline, annotation_stream
from biolabel.text.rejects import Rejects
from biolabel.text.store import write

class Quick:
    @classmethod
    def of(cls, pipeline):
        return cls()

    def batch(self, documents):
        return map(naive, documents)

if sys.argv[5] == "quick":
    pipeline._Annotating = Quick

if __name__ == "__main__":
    pipeline._BATCH, pipeline._SMALL = 4, 1
    folder, workers, dies_at = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    given = Path(sys.argv[4])

    def documents():
        for number, document in enumerate(read(given, Rejects())):
            if number == dies_at:
                os.kill(os.getpid(), signal.SIGKILL)
            yield document

    add, added = Kept.add, []
    Kept.add = lambda self, new, found: (added.extend(new), add(self, new, found))
    kept = Kept(folder / "kept.sqlite")
    stream = annotation_stream(Pipeline(), Processes(workers), kept)
    write(folder / "store", documents(), stream=stream, shard_documents=10)
    print(len(added))
"""


@pytest.mark.parametrize(
    ("workers", "how"),
    [(1, "quick"), (2, "quick"), pytest.param(2, "scispacy", marks=pytest.mark.slow)],
)
def test_a_killed_run_goes_on_where_it_was(tmp_path: Path, workers: int, how: str) -> None:
    texts = [
        f"{i}|t|The rat {i}\n{i}|a|We saw {i} rats (WR). It died, i.e. at once. WR did.\n\n"
        for i in range(60)
    ]
    given = tmp_path / "given.pubtator"
    given.write_text("".join(texts))
    script = tmp_path / "script.py"
    script.write_text(KILLED)

    def run(name: str, dies_at: int) -> subprocess.CompletedProcess[str]:
        (tmp_path / name).mkdir(exist_ok=True)
        asked = [str(tmp_path / name), str(workers), str(dies_at), str(given), how]
        return subprocess.run(
            [sys.executable, str(script), *asked],
            capture_output=True, text=True, check=False,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
        )  # fmt: skip

    assert run("killed", 50).returncode == -9
    assert not (tmp_path / "killed" / "store").exists()
    again, whole = run("killed", -1), run("whole", -1)
    assert (again.stderr, whole.stderr) == ("", "")
    assert int(whole.stdout) == 60
    assert 0 < int(again.stdout) <= 40
    stores = [
        {file.relative_to(tmp_path / name): file.read_bytes() for file in files}
        for name in ("killed", "whole")
        if (files := sorted(p for p in (tmp_path / name / "store").rglob("*") if p.is_file()))
    ]
    assert len(stores) == 2
    assert list(stores[0].values()) == list(stores[1].values())
    assert len(stores[0]) > 6 * 7
