"""The end model's own mentions, reading the text alone or fused with what the rules say of the words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from biolabel.data.corpus import Corpus
from biolabel.data.labels import SoftLabels, Task
from biolabel.data.mentions import MentionTable
from biolabel.data.training import LabeledDocument
from biolabel.endmodel.decode import decode
from biolabel.endmodel.predict import DocumentScores
from biolabel.workflow.systems import mixed

Floats = NDArray[np.float32]
Span = tuple[int, int, str]


def own_spans(corpus: Corpus, doc: int, tasks: Sequence[Task], score: DocumentScores) -> list[Span]:
    """Return the first row, the row after the last one and the type of each mention that words say.

    Of tasks that the end model has not learned there are none.
    """
    base, words = int(corpus.doc_rows[doc]), corpus.words(doc)
    bare = LabeledDocument(corpus.ids[doc], corpus.texts[doc], words, ())
    spans = []
    for task in tasks:
        if task.name not in score.entities:
            continue
        for m in decode(bare, task, score.entities[task.name], score.begins[task.name]):
            first = int(np.searchsorted(words[:, 0], m.start))
            end = int(np.searchsorted(words[:, 1], m.end)) + 1
            spans.append((base + first, base + end, m.type))
    return spans


def fused_words(
    corpus: Corpus,
    scores: Iterable[DocumentScores],
    soft: Sequence[SoftLabels],
    found: MentionTable,
    share: float,
) -> Iterator[DocumentScores]:
    """Yield word scores in which rules and text speak together, the text with the weight `share`.

    On words without a vote the rules say the class prior: that nothing matched makes a mention less
    likely. The text alone decides where mentions begin outside of those that the rules found.
    soft: the soft labels of the entity tasks over all words; found: their mentions.
    """
    starts = np.zeros(len(corpus.row_doc), dtype=np.float32)
    inside = np.zeros(len(corpus.row_doc), dtype=bool)
    starts[found.first_row] = 1.0
    for first, end in zip(found.first_row.tolist(), found.end_row.tolist(), strict=True):
        inside[first:end] = True
    for doc, score in enumerate(scores):
        rows = slice(int(corpus.doc_rows[doc]), int(corpus.doc_rows[doc + 1]))
        weight = np.where(inside[rows], share, 1.0).astype(np.float32)
        entities, begins = dict(score.entities), dict(score.begins)
        for labels in soft:
            name = labels.task.name
            if name not in entities:
                # What no rule voted on the text alone cannot have learned.
                entities[name] = labels.probabilities[rows]
                begins[name] = starts[rows]
                continue
            entities[name] = mixed(
                labels.probabilities[rows],
                score.entities[name],
                share,
                exclusive=labels.task.exclusive,
            )
            begins[name] = (1 - weight) * starts[rows] + weight * score.begins[name]
        yield replace(score, entities=entities, begins=begins)
