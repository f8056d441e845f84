"""Inline examples as tests: all of a program are one small corpus, judged once (LANGUAGE.md 2.8).

An example's text is tried as the abstract of a document and, where its rule speaks of the title or of
a section, also as that: `matches` must fire in one of them, `rejects` in none.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from biolabel.compile.plan import Plan
from biolabel.data.mentions import given_mentions
from biolabel.data.progress import Progress, silent
from biolabel.evaluation.examiner import Answer, Examiner, spans_found
from biolabel.evaluation.ground import Ground, ground
from biolabel.evaluation.lookup import within
from biolabel.evaluation.marked import MarkedDocument, marked_document, marks_of, sections_asked
from biolabel.evaluation.needs import Load, restricted, union
from biolabel.evaluation.subjects import Subject, examples_of
from biolabel.lang import tree
from biolabel.lang.examples import marked_text
from biolabel.lang.program import Program
from biolabel.text.build import Annotate, corpus_of

Status = Literal["passed", "failed", "todo", "done", "left out"]


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
    load: Load,
    progress: Progress = silent,
) -> ExampleRun:
    """Run the examples of some subjects, in their order.

    What `load` says is not there leaves out the examples that need it.
    """
    trials = tuple(_trials(program, tested))
    if not trials:
        return ExampleRun((), None)
    wanted = union((subject.needs for subject in tested), plan)
    tasks = {subject.task for subject in tested}
    knowledge, missing = load(restricted(plan, wanted, tasks))
    runs = [subject for subject in tested if not missing.keys() & subject.needs.resources]
    needed = union((subject.needs for subject in runs), plan)
    smaller = restricted(plan, needed, tasks)
    corpus = corpus_of((d.document for trial in trials for d in trial.tried), annotate)
    judged = ground(smaller, corpus, given_mentions(corpus), within(knowledge, corpus, smaller))
    examiner = Examiner(judged, spans_found(judged, runs))
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


def _outcome(trial: _Trial, examiner: Examiner, missing: Mapping[str, str]) -> Outcome:
    def outcome(status: Status, why: str = "", first: int = 0) -> Outcome:
        doc, tried = trial.docs[first], trial.tried[first]
        return Outcome(trial.subject, trial.example, trial.field, status, why, doc, tried)

    absent = sorted(missing.keys() & trial.subject.needs.resources)
    if absent:
        return outcome("left out", f"`{absent[0]}`: {missing[absent[0]]}")
    answers = [
        examiner.answer(trial.subject, trial.example, doc, tried, wanted=trial.wanted)
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
