"""Which rows a constraint speaks about: its arguments bound by the rows of its condition.

A constraint that binds arguments holds for each way to bind them that the candidates of its
condition's terms know, document by document. A term then speaks about those rows of its document
that fit the binding. A constraint without arguments is bound in one way a document, where its terms
speak about all rows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from biolabel.data.labels import Task, TaskGraph, Term
from biolabel.labelmodel.pooling import Flags
from biolabel.labelmodel.votes import Floats

Entry = tuple[int, tuple[int, ...], int]
"""A document, the arguments of a row in it, and the row."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a task: probabilities (float64[n, k]), and entries of those that take part.

    whole: each row once, without arguments; bound: each row with each way to name its arguments.
    by_value: the rows of `whole` (under no place) and `bound` by document and the arguments in some
    places, which `matching` fills.
    """

    task: Task
    soft: Floats
    whole: tuple[Entry, ...]
    bound: tuple[Entry, ...]
    by_value: dict[tuple[int, ...] | None, dict[tuple[int, ...], tuple[int, ...]]] = field(
        default_factory=dict
    )


def rows_of(task: Task, soft: Floats, takes_part: Flags, graph: TaskGraph) -> Rows:
    """Return the rows of a task with their documents and arguments."""
    document = graph.documents[task.name].tolist()
    held = graph.arguments.get(task.name)
    bound = () if held is None else tuple(
        (document[row], tuple(own), row)
        for row, own in zip(held.row.tolist(), held.names.tolist(), strict=True)
        if takes_part[row]
    )  # fmt: skip
    whole = tuple((document[row], (), row) for row in np.flatnonzero(takes_part).tolist())
    return Rows(task, soft, whole, bound)


def bindings(
    terms: Sequence[Term], rows: Mapping[str, Rows], n_documents: int
) -> Iterator[tuple[int, dict[str, int]]]:
    """Yield each document with each way to name the arguments of some terms in it."""
    names: tuple[str, ...] = ()
    found: list[tuple[int, ...]] = [(document,) for document in range(n_documents)]
    for task, arguments in dict.fromkeys((t.task, t.arguments) for t in terms if t.arguments):
        shared = [name for name in arguments if name in names]
        new = tuple(dict.fromkeys(name for name in arguments if name not in names))
        held: dict[tuple[int, ...], dict[tuple[int, ...], None]] = {}
        for document, own, _ in rows[task].bound:
            value = dict(zip(arguments, own, strict=True))
            if tuple(value[name] for name in arguments) == own:
                key = document, *(value[name] for name in shared)
                held.setdefault(key, {})[tuple(value[name] for name in new)] = None
        at = [names.index(name) + 1 for name in shared]
        found = [(*b, *more) for b in found for more in held.get((b[0], *(b[i] for i in at)), ())]
        names += new
    for document, *values in found:
        yield document, dict(zip(names, values, strict=True))


def matching(term: Term, rows: Rows, document: int, binding: Mapping[str, int]) -> tuple[int, ...]:
    """Return the rows of a document that a term speaks about; arguments without a name are free."""
    known = tuple(at for at, name in enumerate(term.arguments) if name in binding)
    places = known if term.arguments else None
    if places not in rows.by_value:
        held: dict[tuple[int, ...], dict[int, None]] = {}
        for own, names, row in rows.whole if places is None else rows.bound:
            held.setdefault((own, *(names[at] for at in known)), {})[row] = None
        rows.by_value[places] = {at: tuple(found) for at, found in held.items()}
    values = (binding[term.arguments[at]] for at in known)
    return rows.by_value[places].get((document, *values), ())
