"""What `Pipeline` returns of models and predictions: tables for programs and HTML for notebooks."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from biolabel.api.html import frame, marked, note, table
from biolabel.api.tabular import Tabular, head_of
from biolabel.workflow.scores import ScoreRow

if TYPE_CHECKING:
    from biolabel.curation.assertions import Assertion
    from biolabel.data.documents import Document
    from biolabel.endmodel.model import EndModel


@dataclass(frozen=True, eq=False, repr=False)
class Trained:
    """The end model, and the folder that it lies in, which spaCy's components and others load."""

    model: "EndModel"
    folder: Path

    def __repr__(self) -> str:
        """Return the tasks that it has learned, and where it lies."""
        names = ", ".join(task.name for task in self.model.tasks)
        return f"end model of {names}, {len(self.model.epochs)} epochs, in {self.folder}"

    def _repr_html_(self) -> str:
        rows = [
            (at + 1, sum(e.training.values()), sum(e.held_out.values()), e.seconds)
            for at, e in enumerate(self.model.epochs)
        ]
        return frame(
            repr(self), table(("epoch", "training loss", "held-out loss", "seconds"), rows)
        )


@dataclass(frozen=True, eq=False, repr=False)
class Predictions:
    """What one system predicts for the documents: mentions, relations and topics, each as `Document`."""

    system: str
    documents: "tuple[Document, ...]"
    files: tuple[Path, ...]

    def __repr__(self) -> str:
        """Return how much is predicted."""
        mentions = sum(len(each.mentions) for each in self.documents)
        relations = sum(len(each.relations) for each in self.documents)
        return (
            f"{self.system}: {mentions:,} mentions and {relations:,} relations"
            f" in {len(self.documents):,} documents"
        )

    def _repr_html_(self) -> str:
        shown = []
        for each in self.documents[:3]:
            first = reversed(each.mentions)
            names = {name: each.text[m.start : m.end] for m in first for name in m.names}
            rows = [
                (
                    names.get(r.subject, r.subject),
                    r.label,
                    names.get(r.object, r.object),
                    r.probability,
                )
                for r in each.relations
            ]
            shown += [
                note(each.id),
                marked(each.text, ((m.start, m.end, m.type) for m in each.mentions)),
                table(("subject", "relation", "object", "probability"), rows) if rows else note(""),
            ]
        more = len(self.documents) - 3
        return frame(repr(self), *shown, note(f"and {more:,} more documents" if more > 0 else ""))


@dataclass(frozen=True, eq=False, repr=False)
class Scores(Tabular):
    """The score table: every system on dev, next to majority vote and the best single rule."""

    rows: tuple[ScoreRow, ...]

    def table(self) -> pa.Table:
        """Return one row a task, metric and system; figures that a metric lacks are null."""
        return pa.Table.from_pylist([asdict(row) for row in self.rows], schema=_SCORES)

    def __repr__(self) -> str:
        """Return the F1 of each system on what each task is mainly about."""
        return "\n".join(
            f"{row.task}, {row.metric}, {row.mentions} mentions, {row.system}: F1 {row.f1:.3f}"
            for row in self._main()
        )

    def _repr_html_(self) -> str:
        rows = [tuple(asdict(row).values()) for row in self._main()]
        return frame("scores on dev, against gold", table(_SCORES.names, rows))

    def _main(self) -> list[ScoreRow]:
        wanted = {"mentions micro", "concepts micro", "pairs", "documents"}
        return [row for row in self.rows if row.metric in wanted]


_SCORES = pa.schema(
    [
        *((name, pa.string()) for name in ("task", "metric", "mentions", "system")),
        *(
            (name, pa.float64())
            for name in ("precision", "recall", "f1", "low", "high", "accuracy")
        ),
    ]
)


@dataclass(frozen=True, eq=False, repr=False)
class Assertions(Tabular):
    """What all documents together say, by relation task, the most probable first, with its evidence."""

    found: "Mapping[str, tuple[Assertion, ...]]"

    def __len__(self) -> int:
        """Return the number of assertions."""
        return sum(map(len, self.found.values()))

    def table(self) -> pa.Table:
        """Return one row an assertion; its evidence is in `found`."""
        rows = [
            {"task": name, **{field: getattr(each, field) for field in _ASSERTION.names[1:-1]}}
            | {"evidence": len(each.evidence)}
            for name, all_ in self.found.items()
            for each in all_
        ]
        return pa.Table.from_pylist(rows, schema=_ASSERTION)

    def __repr__(self) -> str:
        """Return how many there are of each task."""
        counts = ", ".join(f"{len(each):,} of {name}" for name, each in self.found.items())
        return f"assertions: {counts or 'none'}"

    def _repr_html_(self) -> str:
        kept = ("subject_name", "predicate", "object_name", "probability", "documents", "status")
        first = [each for all_ in self.found.values() for each in all_][:3]
        shown = [
            part
            for each in first
            for row in each.evidence[:1]
            for part in (
                note(f"{each.subject_name} {each.predicate} {each.object_name}, {row.document}"),
                note(row.text),
            )
        ]
        return frame(repr(self), head_of(self.table(), kept), *shown)


_ASSERTION = pa.schema(
    [
        *((name, pa.string()) for name in ("task", "subject", "predicate", "object")),
        *((name, pa.string()) for name in ("subject_name", "object_name", "status")),
        *((name, pa.float64()) for name in ("probability", "maximum", "calibrated")),
        *((name, pa.int64()) for name in ("documents", "contradicting", "evidence")),
    ]
)
