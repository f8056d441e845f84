"""Inline examples as tests: all of a program are one small corpus, judged once (LANGUAGE.md 2.8).

An example's text is tried as the abstract of a document and, where its rule speaks of the title or of
a section, also as that: `matches` must fire in one of them, `rejects` in none.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.candidates import span_frame
from biolabel.apply.conditions import evaluator
from biolabel.apply.matches import Matches
from biolabel.apply.patterns import Matcher
from biolabel.apply.scene import Frame, Side
from biolabel.apply.spans import entity_votes
from biolabel.compile.expand import expand_condition, expand_pattern
from biolabel.compile.plan import Plan
from biolabel.data.mentions import given_mentions
from biolabel.data.progress import Progress, silent
from biolabel.errors import RunError
from biolabel.evaluation.ground import (
    Ground,
    Place,
    Verdict,
    fired_column,
    ground,
    rows_of_candidate,
    verdict,
    voting_column,
)
from biolabel.evaluation.marked import (
    MarkedDocument,
    marked_document,
    marks_of,
    rows_of_marks,
    sections_asked,
)
from biolabel.evaluation.needs import Needs, available, needs, restricted, rules_of
from biolabel.lang import tree
from biolabel.lang.examples import Mark, marked_text
from biolabel.lang.nearest import did_you_mean
from biolabel.lang.program import Program
from biolabel.lang.walk import nodes
from biolabel.text.build import Annotate, corpus_of

Kind = Literal["rule", "condition", "pattern"]
Status = Literal["passed", "failed", "todo", "done", "left out"]
_FIELDS: tuple[tuple[str, bool, bool], ...] = (
    ("matches", True, False),
    ("rejects", False, False),
    ("todo_matches", True, True),
    ("todo_rejects", False, True),
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What examples test: a rule of the plan, or a named condition or pattern, written out.

    task: "" for a pattern.
    """

    name: str
    kind: Kind
    task: str
    tests: tree.Tests
    needs: Needs
    condition: tree.Condition | None = None
    pattern: tree.Pattern | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One example and what became of it.

    field: `matches`, `rejects`, `todo_matches` or `todo_rejects`. status: `passed` or `failed`;
    `todo` is one of the todo fields that does not hold yet and `done` one that does now; `left out`
    could not run. why: the reason of any status but `passed` and `done`; doc and tried: the document
    of the run's corpus that stood for the example, the one that shows the reason if there are several.
    """

    subject: Subject
    example: tree.Example
    field: str
    status: Status
    why: str
    doc: int
    tried: MarkedDocument


@dataclass(frozen=True, eq=False)
class ExampleRun:
    """The outcomes of examples, in their order, and the ground on which they ran, None if none did."""

    outcomes: tuple[Outcome, ...]
    ground: Ground | None


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether the subject fires on a document; why not, where the text is no candidate at all."""

    verdict: Verdict
    problem: str = ""


def subjects(program: Program, plan: Plan, only: str | None = None) -> tuple[Subject, ...]:
    """Return what has examples: rules of the plan, named conditions and patterns, in this order.

    only: the name of one of them; without examples it has no outcomes.

    Raises:
        RunError: BL922 when no rule, condition or pattern has the name.
    """
    known = {**program.patterns, **program.conditions, **program.rules}
    if only is not None and only not in known:
        hint = did_you_mean(only, known, "`biolabel check` lists the rule files' tasks")
        raise RunError("BL922", f"no rule, condition or pattern is called `{only}`", hint=hint)
    rules = rules_of(plan)
    found = [
        Subject(name, "rule", rule.task.text, rule.tests, needs(plan, [name]))
        for name, rule in program.rules.items()
        if name in rules and only in (None, name)
    ]
    for name, condition in program.conditions.items():
        if condition.condition is not None and _tested(condition.tests, name, only):
            body = expand_condition(condition.condition, program)
            needed = needs(plan, (), [body])
            found.append(
                Subject(name, "condition", condition.task.text, condition.tests, needed, body)
            )
    for name, pattern in program.patterns.items():
        if pattern.pattern is not None and _tested(pattern.tests, name, only):
            meant = expand_pattern(pattern.pattern, program)
            needed = needs(plan, (), [meant])
            found.append(Subject(name, "pattern", "", pattern.tests, needed, pattern=meant))
    return tuple(found)


def _tested(tests: tree.Tests, name: str, only: str | None) -> bool:
    return name == only if only is not None else any(True for _ in examples_of(tests))


def examples_of(tests: tree.Tests) -> Iterator[tuple[str, bool, bool, tree.Example]]:
    """Yield each example with its field, whether it should match, and whether it is still to do."""
    for field, wanted, todo in _FIELDS:
        for example in getattr(tests, field):
            yield field, wanted, todo, example


@dataclass(frozen=True, slots=True)
class _Trial:
    subject: Subject
    example: tree.Example
    field: str
    wanted: bool
    todo: bool
    docs: tuple[int, ...]
    tried: tuple[MarkedDocument, ...]


def run_examples(
    program: Program,
    plan: Plan,
    tested: Sequence[Subject],
    annotate: Annotate,
    progress: Progress = silent,
) -> ExampleRun:
    """Run the examples of some subjects, in their order.

    Errors of the catalog and its tables are raised, but a table that is not there only leaves out the
    examples that need it.
    """
    trials = tuple(_trials(program, tested))
    if not trials:
        return ExampleRun((), None)
    resources = {name for subject in tested for name in subject.needs.resources}
    wanted = Needs(
        frozenset(name for subject in tested for name in subject.needs.rules),
        frozenset(resources & plan.ontologies.keys()),
        frozenset(resources & plan.kbs.keys()),
        (),
    )
    tasks = {subject.task for subject in tested}
    knowledge, missing = available(restricted(plan, wanted, tasks), frozenset(), progress)
    runs = [subject for subject in tested if not missing.keys() & subject.needs.resources]
    rules = frozenset(name for subject in runs for name in subject.needs.rules)
    smaller = restricted(plan, replace(wanted, rules=rules), tasks)
    corpus = corpus_of((d.document for trial in trials for d in trial.tried), annotate)
    judged = ground(smaller, corpus, given_mentions(corpus), knowledge)
    examiner = _Examiner(judged, _spans_found(judged, runs))
    steps = progress(trials, name="examples", total=len(trials))
    return ExampleRun(tuple(_outcome(trial, examiner, missing) for trial in steps), judged)


def _trials(program: Program, tested: Sequence[Subject]) -> Iterator[_Trial]:
    number = 0
    for subject in tested:
        marks = marks_of(program, subject.task)
        asked = sections_asked(subject.needs.parts)
        for field, wanted, todo, example in examples_of(subject.tests):
            marked = marked_text(example)
            said = {name for name, _ in example.meta}
            sections = ("abstract",) if said & {"title", "section"} else (*asked, "abstract")
            tried = tuple(
                marked_document(example, marked, f"example {number + i}", section, marks)
                for i, section in enumerate(sections)
            )
            docs = tuple(range(number, number + len(tried)))
            number += len(tried)
            yield _Trial(subject, example, field, wanted, todo, docs, tried)


def _outcome(trial: _Trial, examiner: "_Examiner", missing: Mapping[str, str]) -> Outcome:
    def outcome(status: Status, why: str = "", first: int = 0) -> Outcome:
        doc, tried = trial.docs[first], trial.tried[first]
        return Outcome(trial.subject, trial.example, trial.field, status, why, doc, tried)

    absent = sorted(missing.keys() & trial.subject.needs.resources)
    if absent:
        return outcome("left out", f"`{absent[0]}`: {missing[absent[0]]}")
    answers = [
        examiner.answer(trial, doc, tried)
        for doc, tried in zip(trial.docs, trial.tried, strict=True)
    ]
    problem = next((answer.problem for answer in answers if answer.problem), "")
    fires = [answer.verdict == "yes" for answer in answers]
    right = not problem and (any(fires) if trial.wanted else not any(fires))
    if right:
        return outcome("done" if trial.todo else "passed")
    why = problem or _reason(trial, answers)
    return outcome("todo" if trial.todo else "failed", why, fires.index(True) if any(fires) else 0)


def _reason(trial: _Trial, answers: Sequence[Answer]) -> str:
    label = f" for `{trial.example.label.text}`" if trial.example.label else ""
    if not trial.wanted:
        return f"it votes{label}" if trial.subject.kind == "rule" else "it holds"
    if any(answer.verdict == "unknown" for answer in answers):
        return "it abstains: something that it asks is not known"
    return f"it does not vote{label}" if trial.subject.kind == "rule" else "it does not hold"


@dataclass(frozen=True, eq=False)
class _Examiner:
    """Answers whether a subject fires; spans: the rows and masks that each entity rule found."""

    ground: Ground
    spans: Mapping[str, frozenset[tuple[int, int, int]]]

    def answer(self, trial: _Trial, doc: int, tried: MarkedDocument) -> Answer:
        """Return whether the subject fires on a document that stands for an example."""
        subject, example = trial.subject, trial.example
        if subject.kind == "pattern":
            return self._pattern(subject, doc, tried, wanted=trial.wanted)
        if subject.task in self.ground.judged:
            return self._candidate(subject, example, doc, tried)
        return self._span(subject, example, doc, tried, wanted=trial.wanted)

    def _candidate(
        self, subject: Subject, example: tree.Example, doc: int, tried: MarkedDocument
    ) -> Answer:
        judged = self.ground.judged[subject.task]
        frame = judged.judge.frame
        rows = rows_of_candidate(frame, doc, places_of(self.ground, doc, tried.arguments))
        if not len(rows):
            return Answer("no", _NO_CANDIDATE.format(subject.task))
        task = self.ground.task(subject.task)
        if subject.condition is not None:
            return Answer(verdict(judged.judge.column(subject.condition), frame, rows))
        at = [rule.lf.name for rule in task.rules].index(subject.name)
        column = fired_column(judged.cases[at])
        if example.label is not None:
            bit = task.task.labels.index(example.label.text)
            column = voting_column(
                judged.cases[at], task.rules[at].otherwise, bit, exclusive=task.task.exclusive
            )
        return Answer(verdict(column, frame, rows))

    def _span(
        self,
        subject: Subject,
        example: tree.Example,
        doc: int,
        tried: MarkedDocument,
        *,
        wanted: bool,
    ) -> Answer:
        corpus = self.ground.corpus
        marked = rows_of_marks(corpus, doc, tried.spans)
        task = self.ground.task(subject.task).task
        if subject.condition is not None:
            if not marked:
                return Answer("no", "it speaks of `span`, and the example marks no {span}")
            first, end = (np.array(column, dtype=np.int32) for column in zip(*marked, strict=True))
            labels = tuple(label for label in task.labels if label != "none")
            frame = span_frame(corpus, first, end, labels)
            judge = evaluator(self.ground.bare, frame, {}, self.ground.voted)
            column = judge.column(subject.condition)
            return Answer(verdict(column, frame, np.arange(len(frame))))
        low, high = corpus.doc_rows[doc : doc + 2].tolist()
        bits = -1
        if example.label is not None:
            bits = 1 << task.labels.index(example.label.text)
        found = {
            (first, end)
            for first, end, mask in self.spans[subject.name]
            if low <= first < high and mask & bits
        }
        return Answer(_found(found, marked, wanted=wanted))

    def _pattern(
        self, subject: Subject, doc: int, tried: MarkedDocument, *, wanted: bool
    ) -> Answer:
        ground = self.ground
        frame = marked_frame(doc, places_of(ground, doc, tried.arguments))
        if subject.pattern is None:
            raise TypeError("a pattern subject has a pattern")
        asked = [node.name for node in nodes(subject.pattern) if isinstance(node, tree.Arg)]
        unmarked = [name for name in asked if name not in frame.sides]
        if unmarked:
            return Answer("no", f"the example does not mark {{{unmarked[0]}: ...}}")
        found = Matcher(ground.full, frame).find(subject.pattern)
        places = set(_kept(found, ground, doc))
        marked = rows_of_marks(ground.corpus, doc, tried.spans)
        return Answer(_found(places, marked, wanted=wanted))


def _found(places: set[Place], marked: Sequence[Place], *, wanted: bool) -> Verdict:
    """Return whether every marked span was found exactly, or, if not wanted, any word of one at all."""
    if not marked:
        return "yes" if places else "no"
    if wanted:
        return "yes" if places.issuperset(marked) else "no"
    touched = any(f < last and first < e for f, e in places for first, last in marked)
    return "yes" if touched else "no"


_NO_CANDIDATE = (
    "the marked words are no candidate of `{}`; its `scope:`, `order:` or `when:` leaves them out"
)


def places_of(ground: Ground, doc: int, marks: Iterable[Mark]) -> dict[str, Place]:
    """Return the half-open rows of marked arguments by name."""
    named = list(marks)
    rows = rows_of_marks(ground.corpus, doc, named)
    return {mark.name: place for mark, place in zip(named, rows, strict=True)}


def marked_frame(doc: int, places: Mapping[str, Place]) -> Frame:
    """Return a frame with one row: the marked arguments of one document."""
    sides = {
        name: Side(_one(first), _one(end), _one(-1), _one(-1))
        for name, (first, end) in places.items()
    }
    return Frame(np.array([doc], dtype=np.int32), np.zeros(1, dtype=np.int32), 1, sides)


def _one(number: int) -> NDArray[np.int32]:
    return np.array([number], dtype=np.int32)


def _kept(found: Matches, ground: Ground, doc: int) -> Iterator[Place]:
    """Yield the rows of matches in a document, of the part under `keep(...)` where there is one."""
    low, high = ground.corpus.doc_rows[doc : doc + 2].tolist()
    keep = found.keep_first >= 0
    first = np.where(keep, found.keep_first, found.first)
    end = np.where(keep, found.keep_end, found.end)
    inside = (found.first >= low) & (found.first < high)
    yield from zip(first[inside].tolist(), end[inside].tolist(), strict=True)


def _spans_found(
    judged: Ground, tested: Iterable[Subject]
) -> dict[str, frozenset[tuple[int, int, int]]]:
    """Return first row, end row and mask of every span on which each tested entity rule votes."""
    rules = rules_of(judged.plan)
    found = {}
    for subject in tested:
        if subject.kind != "rule" or subject.task in judged.judged:
            continue
        votes = judged.found[subject.name]
        rule = rules[subject.name]
        if rule.otherwise is not None:
            # What `else:` votes for is a span that the rule did not mean.
            task = judged.task(subject.task)
            before = [each for each in task.rules if each.lf.name in rule.fires]
            meant = [*before, replace(rule, otherwise=None)]
            votes = entity_votes(judged.bare, task.task, meant, judged.voted)[-1]
        table = np.c_[votes.evidence, votes.mask]
        found[subject.name] = frozenset((f, e, m) for f, e, m in table.tolist())
    return found
