"""Rules tried out on texts: what an edit changes, examples, samples, why a rule votes or not.

All of it happens in a process of its own (`biolabel.data.workers.Worker`), which keeps the corpus open:
the server goes on answering meanwhile, and no rule can hold it up. Python in rule files does not run.
"""

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from biolabel.data.workers import Worker
from biolabel.errors import BiolabelError, RuleError
from biolabel.evaluation.diff import Change, RuleDiff
from biolabel.evaluation.explain import Explanation
from biolabel.evaluation.pieces import Piece
from biolabel.web.service.editor import Finding, check_text, finding_of
from biolabel.workflow.bench import Bench
from biolabel.workflow.examples import try_examples
from biolabel.workflow.job import Job, Which
from biolabel.workflow.preview import (
    Changed,
    Clash,
    Trial,
    Version,
    changes,
    of_tasks,
    trial_of,
    version_of,
)
from biolabel.workflow.results import Results
from biolabel.workflow.sample import Suggested, sample_rule
from biolabel.workflow.settings import load_task

_SHOWN = 4
"""Samples of gained and of lost votes of a rule."""


@dataclass(frozen=True, slots=True)
class Example:
    """One vote that an edit gained or lost: its labels and its text in pieces."""

    document: str
    labels: tuple[str, ...]
    context: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule whose votes an edit changes; before or after is None for a rule that is new or gone."""

    task: str
    rule: str
    before: int | None
    after: int | None
    gained: int
    lost: int
    clashes: tuple[Clash, ...]
    gained_examples: tuple[Example, ...]
    lost_examples: tuple[Example, ...]

    @property
    def headline(self) -> str:
        """The change in words: `+41 -7, 2 now conflict with ctd_therapy`."""
        said = f"+{self.gained:,} -{self.lost:,}"
        for clash in self.clashes[:1]:
            more = clash.after - clash.before
            how = "now conflict" if more > 0 else "no longer conflict"
            said += f", {abs(more):,} {how} with {clash.other}"
        return said


@dataclass(frozen=True, slots=True)
class Preview:
    """What unsaved texts change against the saved rules, on some documents.

    findings: why the rules cannot run, without which there are changes; seconds: how long it took;
    partial: whether the changes are those of entity rules alone, and what follows is still to come.
    """

    findings: tuple[Finding, ...]
    changes: tuple[RuleChange, ...]
    documents: int
    seconds: float
    partial: bool = False


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """An inline example that does not hold, or is still to do, and why."""

    rule: str
    field: str
    text: str
    status: str
    why: str


@dataclass(frozen=True, slots=True)
class Tried:
    """The inline examples of all rules: how many there are by status, and those to look at."""

    counts: Mapping[str, int]
    results: tuple[ExampleResult, ...]
    findings: tuple[Finding, ...]


class Lab:
    """The process that tries rules out; it starts with `begin`, else with the first question."""

    def __init__(self, results: Results) -> None:
        """Keep what the process will open."""
        self._task = results.task
        start = partial(_open, results.task.folder, results.workspace, results.files, results.seed)
        self._worker: Worker[_Opened] = Worker(start)

    def preview(self, name: str, text: str, *, soon: bool = False) -> Preview:
        """Return what the unsaved text of a rule file changes.

        soon: where entity rules change their votes, tell that first; ask again for what follows.

        Raises:
            RunError: BL929 when the rules take too long, or the process ended; as `check_text`.
        """
        check_text(self._task, name, text)
        return self._worker.ask(_preview, name, text, soon)

    def try_examples(self) -> Tried:
        """Run the examples of the rules as they are saved."""
        return self._worker.ask(_try)

    def sample(self, which: Which, rule: str, n: int, seed: int) -> Suggested:
        """Return hits, misses and borderline cases of a rule as it is saved, without what gold says.

        Raises:
            RuleError, RunError: as `sample_rule`.
        """
        return self._worker.ask(_sample, which, rule, n, seed)

    def why(self, rule: str, document: str, text: str, pair: tuple[str, ...]) -> Explanation:
        """Explain a rule on a marked text or, without one, on a document.

        Raises:
            RuleError, RunError: as `why_text` and `why_document`.
        """
        return self._worker.ask(_why, rule, document, text, pair)

    def begin(self) -> None:
        """Start the process, and open there what questions need, so that who asks first waits for less.

        What is wrong with rules or corpus is told to who asks.
        """
        with suppress(BiolabelError):
            self._worker.ask(_begin)

    def close(self) -> None:
        """End the process."""
        self._worker.close()


@dataclass(eq=False)
class _Opened:
    """What the process keeps: the bench as it was read last, and the votes of the saved rules.

    paths: of the rule files that the bench reads. read: the content of the rule files, and a bench with
    their rules as a run would read them. saved: with the digest of the rules that they are of;
    waiting: the file and text of which only entity rules were told, its trial, and the votes of the saved
    rules.
    """

    bench: Bench
    paths: Sequence[Path] = ()
    read: tuple[Mapping[Path, bytes | None], Bench] | None = None
    saved: tuple[str, Version] | None = None
    waiting: tuple[tuple[str, str], Trial, Version] | None = None


def _open(folder: Path, workspace: Path, files: Mapping[Which, Path], seed: int) -> _Opened:
    return _Opened(Bench(Job(load_task(folder), workspace, files, seed)))


def _begin(opened: _Opened) -> None:
    _saved(opened, opened.bench.job.task.rule_files())
    bench = _read(opened)
    bench.rules.ready()
    bench.corpus("corpus")


def _preview(opened: _Opened, name: str, text: str, soon: bool) -> Preview:
    start = time.perf_counter()

    def told(old: Version, new: Version, partial: bool) -> Preview:
        found = changes(old, new, _SHOWN, np.random.default_rng(0))
        shown, size = tuple(map(_change, found)), len(new.corpus.ids)
        return Preview((), shown, size, time.perf_counter() - start, partial)

    try:
        waiting, opened.waiting = opened.waiting, None
        same = _unchanged(opened, name, text)
        if same is not None:
            return told(same, same, False)
        if soon or waiting is None or waiting[0] != (name, text):
            waiting = (name, text), *_trial(opened, name, text)
        _, trial, old = waiting
        first = trial.first() if soon else None
        if first is not None:
            partial = told(of_tasks(old, first.votes), first, True)
            if partial.changes:
                opened.waiting = waiting
                return partial
        return told(old, trial.whole(), False)
    except RuleError as error:
        found = tuple(finding_of(each, error.files) for each in error.diagnostics)
        return Preview(found, (), 0, time.perf_counter() - start)


def _unchanged(opened: _Opened, name: str, text: str) -> Version | None:
    """Return the votes of the saved rules if a text is the saved one, as when an editor opens."""
    paths = opened.bench.job.task.rule_files()
    there = {path.name: _content(path) for path in paths}
    return _saved(opened, paths) if there.get(name) == text.encode() else None


def _trial(opened: _Opened, name: str, text: str) -> tuple[Trial, Version]:
    """Return rules with an unsaved text, and the votes of the saved ones."""
    paths = opened.bench.job.task.rule_files()
    saved = _saved(opened, paths)
    written = {path: text for path in paths if path.name == name}
    opened.bench = opened.bench.reread({**dict.fromkeys(paths), **written})
    return trial_of(opened.bench), saved


def _saved(opened: _Opened, paths: Sequence[Path]) -> Version:
    """Return the votes of the saved rules, made when these changed."""
    if paths != opened.paths:  # one was made or deleted
        opened.bench, opened.paths = opened.bench.anew(), paths
    bench = opened.bench.reread(dict.fromkeys(paths))
    if opened.saved is None or opened.saved[0] != bench.rules.digest:
        opened.saved = bench.rules.digest, version_of(bench)
        opened.bench = bench
    return opened.saved[1]


def _change(found: Changed) -> RuleChange:
    votes: RuleDiff = found.votes
    return RuleChange(
        votes.task,
        votes.rule,
        votes.before,
        votes.after,
        votes.gained.votes,
        votes.lost.votes,
        found.clashes,
        _examples(votes.gained),
        _examples(votes.lost),
    )


def _examples(found: Change) -> tuple[Example, ...]:
    return tuple(Example(each.document, each.labels, each.context) for each in found.samples)


def _try(opened: _Opened) -> Tried:
    rules = opened.bench.anew().rules
    try:
        examined = try_examples(rules)
    except RuleError as error:
        findings = tuple(finding_of(each, error.files) for each in error.diagnostics)
        return Tried({}, (), findings)
    return Tried(
        dict(examined.counts()),
        tuple(
            ExampleResult(o.subject.name, o.field, o.example.text, o.status, o.why)
            for o in examined.outcomes
            if o.status != "passed"
        ),
        tuple(finding_of(each, rules.files) for each in examined.diagnostics),
    )


def _read(opened: _Opened) -> Bench:
    """Return a bench with the rules as they are on disk now, which are read again if a file changed."""
    paths = opened.bench.job.task.rule_files()
    # A file that is imported may lie elsewhere.
    others = list(map(Path, opened.read[1].rules.files)) if opened.read else []
    there = {path: _content(path) for path in {*paths, *others}}
    if opened.read is None or opened.read[0] != there:
        bench = opened.bench.anew()
        more = {path: _content(path) for path in map(Path, bench.rules.files)}
        opened.read = {**more, **{path: there[path] for path in paths}}, bench
    return opened.read[1]


def _content(path: Path) -> bytes | None:
    """Return what a file holds, None where it cannot be read, which reading its rules tells of."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def _sample(opened: _Opened, which: Which, rule: str, n: int, seed: int) -> Suggested:
    found = sample_rule(_read(opened), which, rule, n, seed)
    samples = tuple(replace(sample, right=None) for sample in found.sampled.samples)
    return replace(found, sampled=replace(found.sampled, judged=0, right=0, samples=samples))


def _why(
    opened: _Opened, rule: str, document: str, text: str, pair: tuple[str, ...]
) -> Explanation:
    # The label model's code comes with it: the server itself starts without.
    from biolabel.workflow.why import why_document, why_text

    bench = _read(opened)
    return why_text(bench.rules, rule, text) if text else why_document(bench, rule, document, pair)
