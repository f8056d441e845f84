"""spaCy pipelines as models: their named entities are spans, their text categories are labels."""

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from biolabel.data.corpus import Corpus
from biolabel.data.models import Answers, Model, Spans
from biolabel.errors import ModelError
from biolabel.text.trained import installed_pipeline

if TYPE_CHECKING:
    from spacy.language import Language


def spacy_model(name: str) -> Model:
    """Return an installed spaCy pipeline as a model.

    A pipeline with an `ner` (or `entity_ruler`) finds spans with score 1; one with a `textcat`
    judges the `marked` texts of candidates and documents, all categories with their scores.

    Raises:
        CorpusError: BL608 for a pipeline that is not installed.
        ModelError: BL854 for one that neither finds entities nor tells categories.
    """
    nlp = installed_pipeline(name)
    finds = {"ner", "entity_ruler"} & set(nlp.pipe_names)
    judges = {"textcat", "textcat_multilabel"} & set(nlp.pipe_names)
    if not finds and not judges:
        parts = ", ".join(nlp.pipe_names) or "nothing"
        message = f'the spaCy pipeline "{name}" has neither `ner` nor `textcat`'
        raise ModelError("BL854", message, hint=f"it has {parts}")
    return Model(
        find=(lambda corpus: _spans(nlp, corpus)) if finds else None,
        judge=(lambda table: _answers(nlp, table)) if judges else None,
    )


def _spans(nlp: "Language", corpus: Corpus) -> Spans:
    found = [
        (i, entity.start_char, entity.end_char, entity.label_)
        for i, doc in enumerate(nlp.pipe(corpus.texts))
        for entity in doc.ents
    ]
    labels = tuple(sorted({label for *_, label in found}))
    numbers = {label: i for i, label in enumerate(labels)}
    table = np.array([(*place, numbers[label]) for *place, label in found], dtype=np.int32)
    doc, start, end, label = table.reshape(-1, 4).T
    return Spans(doc, start, end, label, np.ones(len(doc)), labels)


def _answers(nlp: "Language", table: pa.Table) -> Answers:
    texts = table["marked"].to_pylist()
    different = list(dict.fromkeys(texts))
    scores = {text: doc.cats for text, doc in zip(different, nlp.pipe(different), strict=True)}
    labels = tuple(sorted({label for found in scores.values() for label in found}))
    numbers = {label: i for i, label in enumerate(labels)}
    said = [
        (i, numbers[label], score)
        for i, text in enumerate(texts)
        for label, score in scores[text].items()
    ]
    return Answers(
        np.array([row for row, _, _ in said], dtype=np.int32),
        np.array([label for _, label, _ in said], dtype=np.int32),
        np.array([score for _, _, score in said], dtype=np.float64),
        labels,
    )
