"""What an edit of rules changes, told while somebody writes: votes gained and lost, new conflicts.

Nothing becomes a stage: votes are made from kept columns and stay in memory, so that only the rules
that an edit touches run. Of a corpus of several shards the first is the sample.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from biolabel.data.corpus import Corpus
from biolabel.data.labels import LabelMatrix
from biolabel.data.mentions import MentionTable
from biolabel.data.votes import TaskVotes
from biolabel.evaluation.company import Pair, pairs_of
from biolabel.evaluation.diff import RuleDiff, Side, diff
from biolabel.workflow.bench import Bench
from biolabel.workflow.entities import fitted
from biolabel.workflow.models import check_python


@dataclass(frozen=True, eq=False)
class Version:
    """The rules as they were at one moment: their votes on the sample, by task."""

    corpus: Corpus
    mentions: MentionTable
    votes: Mapping[str, TaskVotes]


@dataclass(frozen=True, slots=True)
class Clash:
    """Another rule that a changed rule conflicts with: on how many candidates, before and after."""

    other: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Changed:
    """A rule whose votes an edit changes, and the rules with which its conflicts change."""

    votes: RuleDiff
    clashes: tuple[Clash, ...]


def version_of(bench: Bench) -> Version:
    """Return the votes of the bench's rules on the first shard of the corpus.

    Raises:
        RuleError: when the rules have errors, or name Python (BL392), which is not allowed here.
    """
    with bench.placed():
        check_python(bench.plan, bench.rules.files, allowed=bench.job.allow_python)
        site = bench.site("corpus", "found")
        run = site.run(0, fitted(bench, site, None))
        votes = {task.task.name: run.votes(task) for task in bench.plan.tasks}
        return Version(run.corpus, run.arguments().table, votes)


def changes(old: Version, new: Version, n: int, rng: np.random.Generator) -> tuple[Changed, ...]:
    """Return the rules whose votes differ, each with up to n samples of gained and of lost votes."""
    tasks = [name for name in {**old.votes, **new.votes} if not _same(old, new, name)]
    before, after = _side(old, tasks), _side(new, tasks)
    clashes = {name: _clashes(old.votes.get(name), new.votes.get(name)) for name in tasks}
    return tuple(
        Changed(found, clashes[found.task].get(found.rule, ()))
        for found in diff(before, after, n, rng)
    )


def _same(old: Version, new: Version, task: str) -> bool:
    """Return whether the votes of a task are known to be the same, without a look at each."""
    return task in old.votes and old.votes[task] is new.votes.get(task)


def _side(version: Version, tasks: list[str]) -> Side:
    """Return a version of some tasks, without gold, which nobody should write rules by."""
    votes = {name: version.votes[name] for name in tasks if name in version.votes}
    gold = {n: np.full(v.matrix.n_candidates, -1, dtype=np.int64) for n, v in votes.items()}
    return Side(version.corpus, version.mentions, votes, gold)


def _clashes(old: TaskVotes | None, new: TaskVotes | None) -> dict[str, tuple[Clash, ...]]:
    """Return, for each rule, the rules with which it conflicts more or less often than before."""
    before, after = (_conflicts(each.matrix if each else None) for each in (old, new))
    found: dict[str, list[Clash]] = {}
    for pair in {**before, **after}:
        clash = before.get(pair, 0), after.get(pair, 0)
        if clash[0] != clash[1]:
            one, other = pair
            found.setdefault(one, []).append(Clash(other, *clash))
            found.setdefault(other, []).append(Clash(one, *clash))
    return {
        name: tuple(sorted(each, key=lambda clash: -abs(clash.after - clash.before)))
        for name, each in found.items()
    }


def _conflicts(matrix: LabelMatrix | None) -> dict[tuple[str, str], int]:
    pairs: tuple[Pair, ...] = () if matrix is None else pairs_of(matrix)
    return {(pair.first, pair.second): pair.conflicts for pair in pairs if pair.conflicts}
