"""What an edit of rules changes, told while somebody writes: votes gained and lost, new conflicts.

Nothing becomes a stage: votes are made from kept columns and stay in memory, so that only the rules
that an edit touches run. Of a corpus of several shards the first is the sample.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np

from biolabel.data.corpus import Corpus
from biolabel.data.labels import LabelMatrix
from biolabel.data.mentions import MentionTable
from biolabel.data.votes import TaskVotes
from biolabel.evaluation.company import Pair, pairs_of
from biolabel.evaluation.diff import RuleDiff, Side, diff
from biolabel.workflow.bench import Bench
from biolabel.workflow.entities import early, fitted
from biolabel.workflow.models import check_python
from biolabel.workflow.site import Site


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


@dataclass(frozen=True, eq=False)
class Trial:
    """Rules that are about to be applied to the sample, which it keeps open between two questions."""

    bench: Bench
    site: Site

    def first(self) -> Version | None:
        """Return the votes of entity rules alone, which are there before all that follows from them.

        None where they depend on mentions that a label model has to find first.
        """
        plan = self.bench.plan
        needed = early(plan)
        if any(task.sees for task in plan.tasks if task.task.name in needed):
            return None
        with self.bench.placed():
            run = self.site.run(0, {})
            tasks = [task for task in plan.tasks if task.task.kind == "entity"]
            votes = {task.task.name: run.votes(task) for task in tasks}
            return Version(run.corpus, run.given().table, votes)

    def whole(self) -> Version:
        """Return the votes of all rules."""
        with self.bench.placed():
            run = self.site.run(0, fitted(self.bench, self.site, None))
            votes = {task.task.name: run.votes(task) for task in self.bench.plan.tasks}
            return Version(run.corpus, run.arguments().table, votes)


def trial_of(bench: Bench) -> Trial:
    """Return the bench's rules, ready to be applied to the first shard of the corpus.

    Raises:
        RuleError: when the rules have errors, or name Python (BL392), which is not allowed here.
    """
    with bench.placed():
        check_python(bench.plan, bench.rules.files, allowed=bench.job.allow_python)
        return Trial(bench, bench.site("corpus", "found"))


def version_of(bench: Bench) -> Version:
    """Return the votes of all the bench's rules on the first shard of the corpus.

    Raises:
        RuleError: as `trial_of`.
    """
    return trial_of(bench).whole()


def of_tasks(version: Version, tasks: Collection[str]) -> Version:
    """Return the votes of some tasks."""
    kept = {name: votes for name, votes in version.votes.items() if name in tasks}
    return replace(version, votes=kept)


def changes(old: Version, new: Version, n: int, rng: np.random.Generator) -> tuple[Changed, ...]:
    """Return the rules whose votes differ, each with up to n samples of gained and of lost votes."""
    rules = {name: _touched(old, new, name) for name in {**old.votes, **new.votes}}
    touched = {name: found for name, found in rules.items() if found}
    before, after = _side(old, touched), _side(new, touched)
    clashes = {name: _clashes(old.votes.get(name), new.votes.get(name)) for name in touched}
    return tuple(
        Changed(found, clashes[found.task].get(found.rule, ()))
        for found in diff(before, after, n, rng)
    )


def _touched(old: Version, new: Version, task: str) -> frozenset[str]:
    """Return the rules of a task whose votes are not known to be the same without a look at each."""
    one, other = old.votes.get(task), new.votes.get(task)
    if one is other:
        return frozenset()
    columns = [_columns(votes) for votes in (one, other)]
    names = {**columns[0], **columns[1]}
    if one is None or other is None or not _same_candidates(one, other):
        return frozenset(names)
    return frozenset(name for name in names if columns[0].get(name) != columns[1].get(name))


def _columns(votes: TaskVotes | None) -> dict[str, tuple[bytes, bytes]]:
    """Return the candidates and labels of each rule's votes."""
    if votes is None:
        return {}
    matrix = votes.matrix
    own = ((lf.name, matrix.lf == at) for at, lf in enumerate(matrix.lfs))
    return {name: (matrix.candidate[at].tobytes(), matrix.mask[at].tobytes()) for name, at in own}


def _same_candidates(one: TaskVotes, other: TaskVotes) -> bool:
    """Return whether candidates of the same number are the same."""
    spans = [None if each.spans is None else each.spans.tobytes() for each in (one, other)]
    sides = [(each.subjects, each.objects, each.others) for each in (one, other)]
    return (
        one.matrix.task == other.matrix.task
        and np.array_equal(one.documents, other.documents)
        and spans[0] == spans[1]
        and sides[0] == sides[1]
    )


def _only(votes: TaskVotes, rules: Collection[str]) -> TaskVotes:
    """Return the votes of some rules; the others keep their numbers and have none."""
    matrix = votes.matrix
    kept = np.array([lf.name in rules for lf in matrix.lfs], dtype=bool)[matrix.lf]
    columns = {name: getattr(matrix, name)[kept] for name in ("candidate", "lf", "mask")}
    return replace(votes, matrix=replace(matrix, **columns), evidence=votes.evidence[kept])


def _side(version: Version, rules: Mapping[str, Collection[str]]) -> Side:
    """Return a version of some rules by task, without gold, which nobody should write rules by."""
    votes = {
        name: _only(version.votes[name], some)
        for name, some in rules.items()
        if name in version.votes
    }
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
