"""The end model in spaCy pipelines: `nlp.add_pipe("biolabel_entities", config={"model": FOLDER})`.

Importing this module registers the components; an installed biolabel does so by its entry points.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from biolabel.data.documents import Mention
from biolabel.data.labels import Task, TaskKind
from biolabel.data.rows import rows_of
from biolabel.data.training import LabeledDocument, PairLabels
from biolabel.endmodel.decode import decode
from biolabel.endmodel.model import EndModel
from biolabel.endmodel.predict import DocumentScores, predict
from biolabel.endmodel.store import load
from biolabel.errors import ModelError

SPANS = "biolabel"
"""The key in `doc.spans` under which entities are, those that overlap too."""
_BATCH = 64
"""Documents that are read together where none other is asked for; they are sorted by length."""


@dataclass(frozen=True, slots=True)
class Found:
    """A relation that the end model found in a document, between the mentions of two concepts.

    A concept is a `kb_id_` of entities, or their lower-cased text where they have none.
    """

    task: str
    label: str
    subject: str
    object: str
    probability: float


@dataclass(frozen=True, slots=True)
class Entities:
    """Writes mentions to `doc.spans["biolabel"]` and, longest first, to `doc.ents`.

    `span._.biolabel_probability` says how sure the model is of a mention.
    """

    model: EndModel

    def __call__(self, doc: Doc) -> Doc:
        """Return a document with its entities."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], batch_size: int = _BATCH) -> Iterator[Doc]:
        """Yield documents with their entities, read a batch at a time."""
        for docs, found, scores in _read(self.model, stream, batch_size, _bare):
            for doc, document, score in zip(docs, found, scores, strict=True):
                spans: list[Span] = []
                for task in _of_kind(self.model, "entity"):
                    begins = score.begins[task.name]
                    for m in decode(document, task, score.entities[task.name], begins):
                        span = doc.char_span(m.start, m.end, m.type, alignment_mode="expand")
                        if span is not None:
                            span._.biolabel_probability = m.probability
                            spans.append(span)
                doc.spans[SPANS] = spans
                doc.set_ents(filter_spans([*spans, *doc.ents]))
                yield doc


@dataclass(frozen=True, slots=True)
class Relations:
    """Writes relations between entities, by whatever found them, to `doc._.biolabel_relations`.

    arguments: relation task to the entity types of subject and object.
    """

    model: EndModel
    arguments: Mapping[str, Sequence[str]]
    threshold: float

    def __call__(self, doc: Doc) -> Doc:
        """Return a document with its relations."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], batch_size: int = _BATCH) -> Iterator[Doc]:
        """Yield documents with their relations, read a batch at a time."""
        for docs, found, scores in _read(self.model, stream, batch_size, self._paired):
            for doc, document, score in zip(docs, found, scores, strict=True):
                doc._.biolabel_relations = [
                    Found(task.name, task.labels[label], *pair, float(row[label]))
                    for task in _of_kind(self.model, "relation")
                    for pair, row in zip(
                        document.relations[task.name].pairs, score.relations[task.name], strict=True
                    )
                    for label in np.flatnonzero(row >= self.threshold).tolist()
                    if task.labels[label] != "none"
                ]
                yield doc

    def _paired(self, doc: Doc) -> LabeledDocument:
        ents = [*doc.spans.get(SPANS, ()), *doc.ents]
        mentions = {
            (e.start_char, e.end_char, e.label_): Mention(
                e.start_char, e.end_char, e.label_, (e.kb_id_ or e.text.lower(),)
            )
            for e in ents
        }
        concepts: dict[str, dict[str, None]] = {}
        for mention in mentions.values():
            concepts.setdefault(mention.type, {})[mention.concepts[0]] = None
        relations = {}
        for task in _of_kind(self.model, "relation"):
            first, second = self.arguments[task.name]
            pairs = tuple(
                (a, b) for a in concepts.get(first, ()) for b in concepts.get(second, ()) if a != b
            )
            rows = np.zeros((len(pairs), len(task.labels)), dtype=np.float32)
            relations[task.name] = PairLabels(pairs, rows, np.zeros(len(pairs), dtype=np.float32))
        return replace(_bare(doc), mentions=tuple(mentions.values()), relations=relations)


@dataclass(frozen=True, slots=True)
class Topics:
    """Writes the probabilities of document labels to `doc.cats`, as TASK.LABEL."""

    model: EndModel

    def __call__(self, doc: Doc) -> Doc:
        """Return a document with its categories."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], batch_size: int = _BATCH) -> Iterator[Doc]:
        """Yield documents with their categories, read a batch at a time."""
        for docs, _, scores in _read(self.model, stream, batch_size, _bare):
            for doc, score in zip(docs, scores, strict=True):
                for task in _of_kind(self.model, "document"):
                    for label, p in zip(task.labels, score.topics[task.name].tolist(), strict=True):
                        doc.cats[f"{task.name}.{label}"] = p
                yield doc


@Language.factory("biolabel_entities", assigns=["doc.ents", "doc.spans"])
def make_entities(nlp: Language, name: str, model: str) -> Entities:
    """Return the component of the entity tasks of a model's folder.

    Raises:
        ModelError: as `store.load` does, and BL836 when the model has no such task.
    """
    del nlp
    return Entities(_load(model, name, "entity"))


@Language.factory(
    "biolabel_relations",
    requires=["doc.ents"],
    assigns=["doc._.biolabel_relations"],
    default_config={"threshold": 0.5},
)
def make_relations(
    nlp: Language, name: str, model: str, arguments: dict[str, list[str]], threshold: float
) -> Relations:
    """Return the component of the relation tasks of a model's folder.

    Raises:
        ModelError: as `store.load` does, and BL836 when the model has no such task, or `arguments` does
            not say the two types of each of them.
    """
    del nlp
    made = _load(model, name, "relation")
    for task in _of_kind(made, "relation"):
        if len(arguments.get(task.name, ())) != 2:
            raise ModelError(
                "BL836",
                f"{name}: `arguments` has no two types for relation task {task.name!r}",
                hint=f'config={{"arguments": {{"{task.name}": ["Chemical", "Disease"]}}, ...}}',
            )
    return Relations(made, arguments, threshold)


@Language.factory("biolabel_documents", assigns=["doc.cats"])
def make_documents(nlp: Language, name: str, model: str) -> Topics:
    """Return the component of the document tasks of a model's folder.

    Raises:
        ModelError: as `store.load` does, and BL836 when the model has no such task.
    """
    del nlp
    return Topics(_load(model, name, "document"))


def _load(folder: str, name: str, kind: TaskKind) -> EndModel:
    Span.set_extension("biolabel_probability", default=1.0, force=True)
    Doc.set_extension("biolabel_relations", default=(), force=True)
    model = load(Path(folder))
    if not _of_kind(model, kind):
        found = ", ".join(f"{task.name} ({task.kind})" for task in model.tasks)
        raise ModelError(
            "BL836", f"{name}: the end model in {folder} has no {kind} task; it has {found}"
        )
    return model


def _of_kind(model: EndModel, kind: TaskKind) -> list[Task]:
    return [task for task in model.tasks if task.kind == kind]


def _bare(doc: Doc) -> LabeledDocument:
    return LabeledDocument("text", doc.text, rows_of(doc.text)[0], ())


def _read(
    model: EndModel, stream: Iterable[Doc], size: int, convert: Callable[[Doc], LabeledDocument]
) -> Iterator[tuple[list[Doc], list[LabeledDocument], list[DocumentScores]]]:
    docs = iter(stream)
    while batch := list(islice(docs, size)):
        documents = [convert(doc) for doc in batch]
        yield batch, documents, predict(model, documents)
