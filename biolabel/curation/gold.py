"""Gold rows: what decisions say of single candidates, for the label model, scores and thresholds."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from biolabel.curation.exports.tables import write_table
from biolabel.curation.judged import judged_documents
from biolabel.curation.review import Reviewed
from biolabel.curation.table import cells_of
from biolabel.data.labels import Task
from biolabel.data.votes import TaskVotes
from biolabel.errors import CorpusError, RunError

COLUMNS = ("task", "document", "subject", "object", "label")
UNKNOWN = -1
"""The gold label of a candidate about which no row says anything."""


@dataclass(frozen=True, slots=True)
class GoldRow:
    """The label that curators give a pair in a document.

    subject, object: CURIEs, or the folded text of mentions without one, as assertions have them.
    """

    task: str
    document: str
    subject: str
    object: str
    label: str


def gold_rows(reviewed: Iterable[Reviewed], tasks: Mapping[str, Task]) -> Iterator[GoldRow]:
    """Yield what decisions say of pairs in documents (`judged_documents`).

    A document that states an assertion has its label. One that does not has `none`, if that is the only
    other label: else the pair may still have one that nobody asked about. Tasks that may pick many
    labels, or that these are not, have no rows.
    """
    found: dict[tuple[str, str, str, str], str] = {}
    for each in reviewed:
        task = tasks.get(each.task)
        if task is None or not task.exclusive or each.assertion.predicate not in task.labels:
            continue
        a = each.assertion
        only = len(task.labels) == 2 and "none" in task.labels
        for document, holds in judged_documents(each).items():
            key = each.task, document, a.subject, a.object
            if holds:
                found[key] = a.predicate
            elif only:
                found.setdefault(key, "none")
    for key, label in sorted(found.items()):
        yield GoldRow(*key, label)


def write_gold(path: Path, rows: Iterable[GoldRow]) -> Path:
    """Write gold rows as a table separated by tabs; return its path.

    Raises:
        CorpusError: BL604 when the file cannot be written.
    """
    cells = ((row.task, row.document, row.subject, row.object, row.label) for row in rows)
    return write_table(path, COLUMNS, cells)


def read_gold(path: Path) -> tuple[GoldRow, ...]:
    """Read what `write_gold` wrote.

    Raises:
        CorpusError: BL601 when the file cannot be read.
        RunError: BL987 when it is no such table.
    """
    try:
        lines = path.read_bytes().decode("utf-8").split("\n")
    except OSError as error:
        raise CorpusError("BL601", f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise RunError("BL987", f"{path} is not UTF-8: {error.reason}") from error
    hint = "`biolabel export TASK --to gold --out FOLDER` writes one"
    if lines[0] != "\t".join(COLUMNS) or lines[-1]:
        message = f"{path} does not begin or end as a table of gold rows does"
        raise RunError("BL987", message, hint=hint)
    found = []
    for number, line in enumerate(lines[1:-1], 2):
        cells = cells_of(line)
        if len(cells) != len(COLUMNS):
            message = f"{path}, line {number}: {len(cells)} cells, expected {len(COLUMNS)}"
            raise RunError("BL987", message, hint=hint)
        found.append(GoldRow(*cells))
    return tuple(found)


def gold_of(
    rows: Iterable[GoldRow],
    votes: TaskVotes,
    documents: Sequence[str],
    called: Callable[[int, str], str],
) -> NDArray[np.int64]:
    """Return the gold label of each candidate of a relation task, int64[n], -1 where it is unknown.

    documents: the ids of the corpus; called: what assertions call an argument of a document by its
    number, a CURIE or mention key. Between mentions, only a pair that its document has once is known:
    of several nobody said which one it is.

    Raises:
        RunError: BL987 for a label that the task lacks.
    """
    task = votes.matrix.task
    wanted = {
        (row.document, row.subject, row.object): row.label for row in rows if row.task == task.name
    }
    if unknown := sorted(set(wanted.values()) - set(task.labels)):
        there = f"its labels are {', '.join(task.labels)}"
        message = f"gold rows call a pair of `{task.name}` `{unknown[0]}`, and {there}"
        raise RunError("BL987", message, hint="export the decisions again with these rules")
    gold = np.full(votes.matrix.n_candidates, UNKNOWN, dtype=np.int64)
    first: dict[tuple[str, str, str], int] = {}
    columns = zip(votes.documents.tolist(), votes.subjects, votes.objects, strict=True)
    for candidate, (doc, subject, target) in enumerate(columns if wanted else ()):
        key = documents[doc], called(doc, subject), called(doc, target)
        if key in first:
            gold[first[key]] = UNKNOWN
        elif key in wanted:
            first[key] = candidate
            gold[candidate] = task.labels.index(wanted[key])
    return gold
