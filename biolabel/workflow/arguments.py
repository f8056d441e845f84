"""What candidates speak of, for constraints that bind arguments: pairs their mentions, words theirs."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import numpy as np

from biolabel.data.labels import Arguments, Constraint
from biolabel.data.mentions import MentionTable
from biolabel.data.votes import TaskVotes


def arguments_of(
    constraints: Sequence[Constraint], votes: Mapping[str, TaskVotes], mentions: MentionTable | None
) -> dict[str, Arguments]:
    """Return what the candidates of tasks speak of whose arguments constraints bind.

    A pair speaks of its arguments as its candidates name them, by CURIE or by place. A word speaks of
    the mentions that it is part of and of their concepts, a span of those that it is within; without
    mentions nobody knows, and entity tasks are left out.
    """
    bound = {
        term.task
        for item in constraints
        for conjunction in (*item.condition, *item.consequence)
        for term in conjunction
        if term.arguments
    }
    numbers: dict[str, int] = {}
    result = {}
    for name in sorted(bound & set(votes)):
        found = votes[name]
        if found.matrix.task.kind == "relation":
            columns = (found.subjects, found.objects, *found.others)
            entries = [(row, names) for row, names in enumerate(zip(*columns, strict=True))]
            width = len(columns)
        elif found.matrix.task.kind == "entity" and mentions is not None:
            entries = list(dict.fromkeys(_of_mentions(found, mentions)))
            width = 1
        else:
            continue
        named = [[numbers.setdefault(one, len(numbers)) for one in own] for _, own in entries]
        result[name] = Arguments(
            np.array([row for row, _ in entries], dtype=np.int64),
            np.array(named, dtype=np.int64).reshape(len(entries), width),
        )
    return result


def _of_mentions(votes: TaskVotes, mentions: MentionTable) -> Iterator[tuple[int, tuple[str]]]:
    """Yield each candidate of an entity task with each name of each mention that it is part of."""
    if votes.spans is not None:
        first, end = votes.spans[:, 0], votes.spans[:, 1]
    else:
        first = np.arange(votes.matrix.n_candidates)
        end = first + 1
    order = np.argsort(first, kind="stable")
    starts, keys = first[order], mentions.keys()
    low = np.searchsorted(starts, mentions.first_row)
    high = np.searchsorted(starts, mentions.end_row)
    for mention, (a, b) in enumerate(zip(low.tolist(), high.tolist(), strict=True)):
        for row in order[a:b].tolist():
            if end[row] <= mentions.end_row[mention]:
                for name in chain((keys[mention],), mentions.concepts[mention]):
                    yield row, (name,)
