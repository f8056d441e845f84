"""What models say of candidates, as conditions, votes and spans see it."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from biolabel.apply.columns import Column, where_known
from biolabel.apply.faults import Failed, asked_in_parts
from biolabel.apply.matches import Matches, matches
from biolabel.apply.scene import Frame, Scene, Side
from biolabel.data.corpus import Corpus
from biolabel.data.labels import Task
from biolabel.data.models import Answers, Model, Spans
from biolabel.errors import BiolabelError, ModelError
from biolabel.lang import tree

Floats = NDArray[np.float64]
_COMPARE: Mapping[str, Callable[[Floats, float], NDArray[np.bool_]]] = {
    "<": operator.lt, "<=": operator.le, "=": operator.eq,
    "!=": operator.ne, ">=": operator.ge, ">": operator.gt,
}  # fmt: skip


def candidate_table(scene: Scene, frame: Frame, *, texts: bool) -> pa.Table:
    """Return the rows of a frame as a table for models and functions (`data.models.Model`)."""
    ids = pa.array(scene.corpus.ids)
    columns: dict[str, object] = {"doc": ids.take(pa.array(frame.doc))}
    for name, side in frame.sides.items():
        columns |= _argument(scene, frame, name, side, texts=texts)
    if frame.sentence is not None:
        start, end = _sentences(scene.corpus, frame.sentence[0])
        columns |= {"start": start, "end": end}
    if texts:
        columns |= _texts(scene.corpus, frame)
    return pa.table(columns)


def _argument(
    scene: Scene, frame: Frame, name: str, side: Side, *, texts: bool
) -> dict[str, object]:
    corpus, mentions = scene.corpus, scene.mentions
    concepts = [*frame.concepts, None]
    types = [*mentions.types, None]
    kind = mentions.type[side.mention] if len(mentions) else np.full(len(frame), -1)
    kind = np.where(side.mention >= 0, kind, -1)
    start, end = corpus.row_start[side.first], corpus.row_end[side.end - 1]
    columns: dict[str, object] = {
        name: pa.array([concepts[i] for i in side.concept.tolist()], pa.string()),
        f"{name}_start": start,
        f"{name}_end": end,
        f"{name}_type": pa.array([types[i] for i in kind.tolist()], pa.string()),
    }
    if texts:
        rows = zip(frame.doc.tolist(), start.tolist(), end.tolist(), strict=True)
        columns[f"{name}_text"] = [corpus.texts[doc][a:b] for doc, a, b in rows]
    return columns


def _sentences(
    corpus: Corpus, first_row: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return start and end in their documents of the sentences that begin with the given rows."""
    at = np.searchsorted(corpus.sentence_first_row, first_row, side="right") - 1
    return corpus.sentence_start[at], corpus.sentence_end[at]


def _texts(corpus: Corpus, frame: Frame) -> dict[str, object]:
    """Return the text of each row's sentences, plain and with the first two arguments marked."""
    if frame.sentence is not None:
        start, end = _sentences(corpus, frame.sentence[0])
        limits = zip(frame.doc.tolist(), start.tolist(), end.tolist(), strict=True)
        own = [corpus.texts[doc][a:b] for doc, a, b in limits]
        return {"text": own, "marked": own}
    if not frame.sides:
        whole = [corpus.texts[doc] for doc in frame.doc.tolist()]
        return {"text": whole, "marked": whole}
    sides = list(frame.sides.values())
    low = corpus.row_sentence[np.min([side.first for side in sides], axis=0)]
    high = corpus.row_sentence[np.max([side.end for side in sides], axis=0) - 1]
    starts, ends = corpus.sentence_start[low], corpus.sentence_end[high]
    places = [
        (corpus.row_start[side.first].tolist(), corpus.row_end[side.end - 1].tolist(), *signs)
        for side, signs in zip(sides, (("<< ", " >>"), ("[[ ", " ]]")), strict=False)
    ]
    plain, marked = [], []
    for i, doc in enumerate(frame.doc.tolist()):
        text = corpus.texts[doc]
        plain.append(text[starts[i] : ends[i]])
        inserted = [(place[0][i], place[2]) for place in places]
        inserted += [(place[1][i], place[3]) for place in places]
        found = text[: ends[i]]
        for at, sign in sorted(inserted, reverse=True):
            found = found[:at] + sign + found[at:]
        marked.append(found[starts[i] :])
    return {"text": plain, "marked": marked}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a model says of the rows of a frame, and where it failed."""

    answers: Answers
    failed: Failed


def ask(scene: Scene, frame: Frame, name: str) -> Asked:
    """Return what a model says of the rows of a frame, in the labels of its `maps:`.

    Raises:
        ModelError: BL851 for a model that cannot judge candidates; what the model raises, where it
            does on every row.
    """
    model, declaration = _model(scene, name)
    judge = model.judge
    if judge is None:
        raise ModelError("BL851", f"model `{name}` finds spans, but cannot judge candidates")

    def judged(table: pa.Table) -> Answers:
        said = judge(table)
        if len(said.row) and not 0 <= int(said.row.min()) <= int(said.row.max()) < len(table):
            raise ModelError("BL852", f"model `{name}` speaks of rows that it was not asked about")
        return said

    parts, failed = asked_in_parts(judged, candidate_table(scene, frame, texts=model.texts))
    said = _joined(parts)
    label, labels = _mapped(declaration, said.label, said.labels)
    return Asked(Answers(said.row, label, said.score, labels), Failed(failed))


def _joined(parts: list[tuple[int, Answers]]) -> Answers:
    """Return answers about stretches of a table, each with its first row, as answers about all of it."""
    if len(parts) == 1:
        return parts[0][1]
    labels = tuple(dict.fromkeys(label for _, said in parts for label in said.labels))
    numbers = [np.array([labels.index(x) for x in s.labels] or [0], np.int32) for _, s in parts]
    return Answers(
        np.concatenate([said.row + np.int32(start) for start, said in parts]),
        np.concatenate([n[s.label] for (_, s), n in zip(parts, numbers, strict=True)]),
        np.concatenate([said.score for _, said in parts]),
        labels,
    )


@dataclass(frozen=True, slots=True)
class Held:
    """Where a `python` condition holds, and where it failed."""

    column: Column
    failed: Failed


def call(scene: Scene, frame: Frame, target: str) -> Held:
    """Return where a `python` condition holds; where it failed, that is unknown.

    Raises:
        ModelError: what the function raises, where it does on every row.
    """
    function = scene.finder.knowledge.functions[target]
    parts, failed = asked_in_parts(function, candidate_table(scene, frame, texts=True))
    true, answered = np.zeros(len(frame), dtype=bool), np.zeros(len(frame), dtype=bool)
    for start, held in parts:
        true[start : start + len(held)] = held
        answered[start : start + len(held)] = True
    return Held(where_known(true, answered), Failed(failed))


def says(answers: Answers, condition: tree.ModelSays, least: float, n: int) -> Column:
    """Return on which of n rows a model says a label with the score that is asked for.

    A row of which the model says nothing is unknown.
    """
    spoken = np.zeros(n, dtype=bool)
    spoken[answers.row] = True
    asked = answers.label == _number(answers.labels, condition.label.text)
    asked &= _enough(answers.score, condition.score, least)
    true = np.zeros(n, dtype=bool)
    true[answers.row[asked]] = True
    return where_known(true, spoken)


def label_masks(answers: Answers, task: Task, least: float, frame: Frame) -> NDArray[np.int64]:
    """Return the labels that a model gives each candidate: int64[candidates], 0 where it is silent.

    With an exclusive task the label with the highest score counts, and of two equal ones none.

    Raises:
        ModelError: BL856 when no label of the model is one of the task.
    """
    if answers.labels and not set(answers.labels) & set(task.labels):
        message = f"a model says {', '.join(answers.labels)}, none of which `{task.name}` has"
        raise ModelError("BL856", message, hint=f"write `maps:` to {', '.join(task.labels)}")
    n = frame.n_candidates
    bits = np.array(
        [1 << task.labels.index(x) if x in task.labels else 0 for x in answers.labels] or [0],
        dtype=np.int64,
    )
    keep = (answers.score >= least) if least > 0 else np.ones(len(answers.row), dtype=bool)
    row, label, score = frame.candidate[answers.row[keep]], answers.label[keep], answers.score[keep]
    masks = np.zeros(n, dtype=np.int64)
    if not task.exclusive:
        np.bitwise_or.at(masks, row, bits[label])
        return masks
    best = np.full(n, -np.inf)
    np.maximum.at(best, row, score)
    winning = score == best[row]
    np.bitwise_or.at(masks, row[winning], bits[label[winning]])
    return np.where(masks & (masks - 1), 0, masks)


def model_spans(
    scene: Scene, find: tree.FindModel
) -> tuple[Matches, NDArray[np.int32], tuple[str, ...], Mapping[int, BiolabelError]]:
    """Return the spans that a model finds, widened to whole words, with labels and failures.

    The label of each span is an index into the labels; failures are the documents in which the
    model failed, with the error.

    Raises:
        ModelError: BL851 for a model that cannot find spans; BL858 for a span that is not in its text.
    """
    name = find.model.text
    model, declaration = _model(scene, name)
    if model.find is None:
        raise ModelError("BL851", f"model `{name}` judges candidates, but cannot find spans")
    found = model.find(scene.corpus)
    _check_places(name, found, scene.corpus)
    keep = _enough(found.score, find.score, declaration.min_score or 0.0)
    first, end = _rows(scene.corpus, found)
    keep &= first < end
    label, labels = _mapped(declaration, found.label, found.labels)
    order = np.lexsort((found.score[keep], end[keep], first[keep]))[::-1]
    first, end, label = first[keep][order], end[keep][order], label[keep][order]
    # Of several labels for the same span the one with the highest score counts.
    places = np.stack([first, end])
    _, fresh = np.unique(places, axis=1, return_index=True)
    return matches(first[fresh], end[fresh]), label[fresh], labels, found.failed


def _check_places(name: str, spans: Spans, corpus: Corpus) -> None:
    length = np.array([len(text) for text in corpus.texts], dtype=np.int64)[spans.doc]
    wrong = np.flatnonzero((spans.start < 0) | (spans.end <= spans.start) | (spans.end > length))
    if len(wrong):
        at = int(wrong[0])
        raise ModelError(
            "BL858",
            f"model `{name}` finds a span from {spans.start[at]} to {spans.end[at]} in document "
            f"{corpus.ids[spans.doc[at]]}, whose text has {length[at]:,} characters",
            hint="start and end count characters of title and abstract from 0, the end left out",
        )


def _model(scene: Scene, name: str) -> tuple[Model, tree.ModelDecl]:
    return scene.finder.knowledge.models[name], scene.plan.models[name]


def _rows(corpus: Corpus, spans: Spans) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the rows that spans of code points overlap, an empty range for none."""
    stride = np.int64(max(corpus.row_end.max(initial=0), spans.end.max(initial=0)) + 1)
    of_row = corpus.row_doc.astype(np.int64) * stride
    of_span = spans.doc.astype(np.int64) * stride
    first = np.searchsorted(of_row + corpus.row_end, of_span + spans.start, side="right")
    end = np.searchsorted(of_row + corpus.row_start, of_span + spans.end, side="left")
    return first.astype(np.int32), end.astype(np.int32)


def _mapped(
    declaration: tree.ModelDecl, label: NDArray[np.int32], labels: tuple[str, ...]
) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """Return labels under the names that `maps:` gives them; several may become one."""
    maps = {raw: name.text for raw, name in declaration.maps}
    named = [maps.get(raw, raw) for raw in labels]
    new = tuple(dict.fromkeys(named))
    numbers = np.array([new.index(name) for name in named] or [0], dtype=np.int32)
    return numbers[label] if len(label) else label, new


def _number(labels: tuple[str, ...], wanted: str) -> int:
    return labels.index(wanted) if wanted in labels else -1


def _enough(score: Floats, asked: tree.Score | None, least: float) -> NDArray[np.bool_]:
    enough = score >= least
    return enough if asked is None else enough & _COMPARE[asked.operator](score, asked.number)
