"""Concepts of mentions on the dev parts of BC5CDR and NCBI disease: `python benchmarks/normalisation.py`.

Scores are those of the independent scorer: strict mentions, and concepts of documents. Rules and constants
were written on the training parts (`python benchmarks/normalisation.py train` prints the same of these, but
for the label model); dev is only scored, and no label of it is used. Three questions, each with what a rival
says in the same run:

- look-up alone: mentions are names of vocabularies, without a rule. The rival is spaCy's PhraseMatcher over
  the same names of three characters or more in any case, the longest match, the first identifier. Ours once
  with the catalog's tables, without what their entries leave out of look-up, once as the ontologies of the
  task declare them: filters, stop terms, added names.
- entity rules and the label model: their mentions, with the concepts that the pipeline links and with those
  of `biolabel normalise`.
- given mentions: the share whose concepts are exactly those of the annotation, composite ones included;
  mentions without any are left out. The rivals are the same name in any case and, as scispaCy's linker has
  it, the nearest name by the cosine of weighted character trigrams (scikit-learn).
"""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import spacy
from frame import ROOT, Row, write
from rules import said, scored
from sklearn.feature_extraction.text import TfidfVectorizer
from spacy.matcher import PhraseMatcher
from spacy.util import filter_spans

from biolabel.apply.norm.book import NameBook
from biolabel.data.documents import Document, Mention
from biolabel.text.formats import pubtator
from biolabel.text.formats.known import read_documents
from biolabel.text.rejects import Rejects
from biolabel.text.types import with_types
from biolabel.workflow.bench import Bench
from biolabel.workflow.corpora import Sources
from biolabel.workflow.fit import fit, open_fitted
from biolabel.workflow.job import Job, Which
from biolabel.workflow.normalise.run import Wanted, normalise
from biolabel.workflow.normalise.vocabulary import (
    MIN_LENGTH,
    Vocabulary,
    named_vocabulary,
    vocabulary_of_rules,
)
from biolabel.workflow.settings import TaskFolder, load_task

NER, NORM = ("ner",), ("norm",)
Link = Callable[[Sequence[str], NameBook], Mapping[str, str]]
"""The one concept of each of some texts, those without one left out."""


@dataclass(frozen=True, slots=True)
class Case:
    """A task, the vocabularies of its catalog, and the targets of issue 5.

    look_up: mention and concept F1 of look-up alone; rules: mention F1 with rules, each None without target.
    """

    task: str
    vocabulary: tuple[str, ...]
    look_up: tuple[float | None, float | None] = (None, None)
    rules: float | None = None


CASES = (
    Case(
        "cdr",
        (
            *("Disease=mesh_diseases", "Disease=medic_diseases"),
            *("Chemical=mesh_chemicals", "Chemical=mesh_xrefs"),
        ),
        (0.75, 0.72),
        0.80,
    ),
    Case("ncbi_disease", ("Disease=medic_diseases",), rules=0.75),
)


def main(part: Which) -> None:
    """Score both tasks, write a file of results."""
    found = [row for case in CASES for row in rows(case, part)]
    write("normalisation" if part == "dev" else "normalisation_train", found)


def rows(case: Case, part: Which) -> Iterator[Row]:
    """Yield the scores of one task."""
    task = load_task(ROOT / "tasks" / case.task)
    files = {which: task.documents(which) for which in ("corpus", "dev")}
    with tempfile.TemporaryDirectory() as place:
        gold = Path(place) / "gold.pubtator"
        documents = _documents(task, files[part])
        pubtator.write(gold, documents)
        bare = named_vocabulary(case.vocabulary)
        declared = vocabulary_of_rules([task.folder])
        yield from _looked_up(case, gold, documents, bare, declared, Path(place))
        if part == "dev":
            yield from _by_rules(case, task, gold, declared, Path(place))
        yield from _given(case, gold, documents, bare, declared, Path(place))


def _documents(task: TaskFolder, path: Path | None) -> list[Document]:
    """Return documents with the types of mentions that the task has."""
    if path is None:
        raise SystemExit(f"tasks/{task.task.name} names no documents")
    found = {each.id: each for each in read_documents(path, Rejects())}
    return list(with_types(found.values(), task.task.types))


def _row(case: Case, name: str, value: float, target: float | None = None, unit: str = "F1") -> Row:
    holds = None if target is None else value >= target
    return Row(f"{case.task}: {name}", value, target, unit, holds)


def _looked_up(
    case: Case,
    gold: Path,
    documents: Sequence[Document],
    bare: Vocabulary,
    declared: Vocabulary,
    place: Path,
) -> Iterator[Row]:
    out = place / "found.pubtator"
    pubtator.write(out, phrase_matched(documents, bare.books()))
    for measure, name in ((NER, "mention F1"), (NORM, "concept F1")):
        value = scored(measure, gold, out)
        yield _row(case, f"look-up alone, {name}: spaCy PhraseMatcher, same names", value)
    for vocabulary, title, targets in (
        (bare, "catalog", case.look_up),
        (declared, "ontologies of the task", case.look_up),
    ):
        normalise(Sources([gold]), vocabulary, out, Wanted(find=True))
        for measure, name, target in zip(
            (NER, NORM), ("mention F1", "concept F1"), targets, strict=True
        ):
            value = scored(measure, gold, out)
            yield _row(case, f"look-up alone, {name}: {title}", value, target)


def phrase_matched(
    documents: Sequence[Document], books: Mapping[str, NameBook]
) -> Iterator[Document]:
    """Yield documents with what spaCy's PhraseMatcher finds, the longest matches and first concepts."""
    nlp = spacy.blank("en")
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    first: dict[tuple[str, str], str] = {}
    for type_, book in books.items():
        for name, concept in zip(book.names, book.concepts, strict=True):
            first.setdefault((type_, name.lower()), concept)
        names = [name for name in dict.fromkeys(book.names) if len(name) >= MIN_LENGTH]
        matcher.add(type_, list(nlp.pipe(names)))
    for document in documents:
        spans = filter_spans(matcher(nlp.make_doc(document.text), as_spans=True))
        mentions = [
            Mention(
                span.start_char,
                span.end_char,
                span.label_,
                tuple(filter(None, [first.get((span.label_, span.text.lower()))])),
            )
            for span in spans
        ]
        yield replace(document, mentions=tuple(mentions), relations=())


def _by_rules(
    case: Case, task: TaskFolder, gold: Path, declared: Vocabulary, place: Path
) -> Iterator[Row]:
    parts: tuple[Which, ...] = ("corpus", "dev")
    files = {which: found for which in parts if (found := task.documents(which))}
    work = Bench(Job(task, place / "workspace", files))
    linked, again = place / "rules.pubtator", place / "again.pubtator"
    pubtator.write(linked, said(work, open_fitted(fit(work)).model, "found"))
    yield _row(case, "rules and label model, mention F1", scored(NER, gold, linked), case.rules)
    value = scored(NORM, gold, linked)
    yield _row(case, "rules and label model, concept F1: linked by the pipeline", value)
    normalise(Sources([linked]), declared, again)
    value = scored(NORM, gold, again)
    yield _row(case, "rules and label model, concept F1: biolabel normalise", value)


def _given(
    case: Case,
    gold: Path,
    documents: Sequence[Document],
    bare: Vocabulary,
    declared: Vocabulary,
    place: Path,
) -> Iterator[Row]:
    books, out = bare.books(), place / "given.jsonl"
    for title, link in (("the same name", same_name), ("nearest by trigrams", nearest_name)):
        value = accuracy(documents, linked_by(documents, books, link))
        yield _row(case, f"given mentions, accuracy: {title}", value, unit="share")
    for title, vocabulary in (("catalog", bare), ("ontologies of the task", declared)):
        normalise(Sources([gold]), vocabulary, out)
        value = accuracy(documents, read_first(out))
        yield _row(case, f"given mentions, accuracy: biolabel, {title}", value, unit="share")
        normalise(Sources([gold]), vocabulary, place / "given.pubtator")
        value = scored(NORM, gold, place / "given.pubtator")
        yield _row(case, f"given mentions, concept F1: biolabel, {title}", value)


Linked = Mapping[tuple[str, int, int, str], frozenset[str]]
"""Document, start, end and type of a mention, and its concepts."""


def accuracy(documents: Sequence[Document], linked: Linked) -> float:
    """Return the share of mentions with concepts that are linked to exactly these."""
    right = [
        frozenset(mention.concepts)
        == linked.get((document.id, mention.start, mention.end, mention.type))
        for document in documents
        for mention in document.mentions
        if mention.concepts
    ]
    return sum(right) / len(right)


def read_first(path: Path) -> Linked:
    """Return the first concept of each part of each mention, whatever it is worth."""
    lines = map(json.loads, path.read_text("utf-8").splitlines())
    return {
        (row["document"], row["start"], row["end"], row["type"]): frozenset(
            reading["ranked"][0]["concept"] for reading in row["readings"] if reading["ranked"]
        )
        for row in lines
    }


def linked_by(documents: Sequence[Document], books: Mapping[str, NameBook], link: Link) -> Linked:
    """Return what a linker of texts says of all mentions."""
    found: dict[tuple[str, int, int, str], frozenset[str]] = {}
    for type_, book in books.items():
        places = {
            (document.id, mention.start, mention.end, type_): document.text[
                mention.start : mention.end
            ]
            for document in documents
            for mention in document.mentions
            if mention.type == type_
        }
        concepts = link(list(dict.fromkeys(places.values())), book)
        found |= {p: frozenset(filter(None, [concepts.get(t)])) for p, t in places.items()}
    return found


def same_name(texts: Sequence[str], book: NameBook) -> dict[str, str]:
    """Link a text to the first concept with this name, in any case."""
    first: dict[str, str] = {}
    for name, concept in zip(book.names, book.concepts, strict=True):
        first.setdefault(name.lower(), concept)
    return {text: first[text.lower()] for text in texts if text.lower() in first}


def nearest_name(texts: Sequence[str], book: NameBook) -> dict[str, str]:
    """Link a text to the name whose weighted character trigrams are the most alike."""
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3), dtype=np.float32)
    names = vectorizer.fit_transform(book.names)
    found: dict[str, str] = {}
    for low in range(0, len(texts), 64):
        part = texts[low : low + 64]
        alike = (vectorizer.transform(part) @ names.T).tocsr()
        for number, text in enumerate(part):
            row = alike[[number]]
            if row.nnz:
                found[text] = book.concepts[int(row.indices[row.data.argmax()])]
    return found


if __name__ == "__main__":
    main("corpus" if sys.argv[1:] == ["train"] else "dev")
