"""Votes and soft labels: what passes between rules, label model and end model."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    # Checking rule files needs tasks, but no arrays, and answers sooner without them.
    import numpy as np
    from numpy.typing import NDArray

TaskKind = Literal["entity", "relation", "document"]
MOST_LABELS = 62
"""Labels that a task may have: a vote has a bit for each in an int64, in which one bit more must fit."""


@dataclass(frozen=True, slots=True)
class Task:
    """One prediction task and its labels; all but document tasks that pick one include `none`.

    `exclusive` is false where a row may carry several labels (`pick: many`).
    """

    name: str
    kind: TaskKind
    labels: tuple[str, ...]
    exclusive: bool = True


@dataclass(frozen=True, slots=True)
class LabelingFunction:
    """One rule as a source of votes.

    `precision` is the curator's prior or None; `groups` name the sources it shares with others
    (same knowledge base, ontology, list, referenced rule or a `group:` of the file). A draft is
    applied and analyzed, but never weighed (`data.votes.weighed`).
    """

    name: str
    precision: float | None = None
    groups: frozenset[str] = frozenset()
    draft: bool = False


@dataclass(frozen=True, slots=True)
class LabelMatrix:
    """The sparse votes of one task; abstain is the absence of a row.

    candidate: int32[v], sorted; lf: int16[v], sorted within a candidate; mask: int64[v], the bit
    mask of still-possible labels (bit i = label i of the task). At most one vote a (candidate, lf).
    times: float64[n_candidates], how many candidates with the same votes each one stands for; None
    where each stands for itself.
    """

    task: Task
    lfs: tuple[LabelingFunction, ...]
    n_candidates: int
    candidate: "NDArray[np.int32]"
    lf: "NDArray[np.int16]"
    mask: "NDArray[np.int64]"
    times: "NDArray[np.float64] | None" = None


@dataclass(frozen=True, slots=True)
class SoftLabels:
    """Label probabilities for the candidates of one task.

    probabilities: float32[n, k]; covered: bool[n], false where no labeling function voted (such
    rows hold the class prior and are no training data).
    """

    task: Task
    probabilities: "NDArray[np.float32]"
    covered: "NDArray[np.bool_]"


@dataclass(frozen=True, slots=True)
class Term:
    """One atom of a constraint: some, every or a row of a task has (not) one of the labels.

    `mask` is the bit mask of allowed labels, negation already resolved. `arguments` name the
    relation's or mention's arguments where the constraint binds them, else is empty.
    """

    task: str
    mask: int
    quantifier: Literal["any", "every"] = "any"
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Constraint:
    """A factor over rows of one document, in disjunctive normal form.

    If one conjunction of `condition` holds, one of `consequence` must hold too; an empty
    `consequence` means that `condition` must never hold. `strength` 1.0 is a hard constraint, else the
    probability that the curator gives to the implication.
    """

    name: str
    condition: tuple[tuple[Term, ...], ...]
    consequence: tuple[tuple[Term, ...], ...] = ()
    strength: float = 1.0


@dataclass(frozen=True, slots=True)
class Arguments:
    """What the rows of a task speak of, so that constraints can bind the arguments of their terms.

    row: int64[j], candidates of the task; names: int64[j, a], the numbers of the mentions or concepts
    that are the arguments of that row. A pair stands here once for each way to name its arguments, a
    word once for each mention and concept that it is part of. A number means one thing in all tasks.
    """

    row: "NDArray[np.int64]"
    names: "NDArray[np.int64]"


@dataclass(frozen=True, slots=True)
class TaskGraph:
    """Tasks, the constraints between them, and which document each candidate belongs to.

    documents: task name to int32[n], the document index of each candidate. arguments: task name to
    what its candidates speak of, for the tasks whose arguments constraints bind. follows: task name
    to bool[n], for tasks on words in the order of the text: whether a word stands right after the
    candidate before it, in one sentence.
    """

    tasks: tuple[Task, ...]
    constraints: tuple[Constraint, ...]
    n_documents: int
    documents: Mapping[str, "NDArray[np.int32]"]
    arguments: Mapping[str, Arguments] = field(default_factory=dict)
    follows: Mapping[str, "NDArray[np.bool_]"] = field(default_factory=dict)
