"""Running the inline examples of rule files: the texts as the task processes them, and the report."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from biolabel.apply.knowledge import Knowledge
from biolabel.compile.plan import Plan
from biolabel.data.documents import Document
from biolabel.data.progress import Progress, silent
from biolabel.errors import Diagnostic, RuleError, RunError, SourceFile, Span
from biolabel.evaluation.examples import ExampleRun, Outcome, run_examples
from biolabel.evaluation.explain import explain_outcome
from biolabel.evaluation.needs import Load, available
from biolabel.evaluation.subjects import Subject, subjects
from biolabel.lang.program import Program
from biolabel.lang.steps import step_of
from biolabel.text.build import Annotate, Annotation
from biolabel.text.pipeline import Pipeline, annotator, kept_annotations
from biolabel.workflow.models import check_python, load_functions, load_models
from biolabel.workflow.rules import Rules, read_files, read_rules
from biolabel.workflow.settings import load_task

_CUTS = frozenset(".?!:;()\n")
"""Signs without which no text is cut into sentences, nor a short form defined."""


@dataclass(frozen=True, slots=True)
class Examined:
    """Rules with the outcomes of their examples.

    rules: how many of the tested rules there are; covered: those with an example that passes.
    """

    outcomes: tuple[Outcome, ...]
    rules: int
    covered: int
    diagnostics: tuple[Diagnostic, ...]

    def counts(self) -> Counter[str]:
        """Return how many examples have each status."""
        return Counter(outcome.status for outcome in self.outcomes)


def read_any(paths: Sequence[Path]) -> Rules:
    """Read the rules of a task's folder, or of rule files.

    Raises:
        RunError: as `load_task` and `read_rules`.
    """
    if all(path.suffix == ".rules" for path in paths):
        return read_files(paths)
    return read_rules(load_task(paths[0]))


def checked(rules: Rules) -> tuple[Program, Plan]:
    """Return the program and plan of rules without errors.

    Raises:
        RuleError: with all diagnostics when there are errors.
    """
    plan = rules.ready()
    if rules.program is None:
        raise RuleError(rules.diagnostics, rules.files)
    return rules.program, plan


def try_examples(
    rules: Rules,
    only: str | None = None,
    progress: Progress = silent,
    *,
    allow_python: bool = False,
) -> Examined:
    """Run the examples of all rules, conditions and patterns, or of one.

    Raises:
        RuleError: when the rules have errors; RunError: BL922 when `only` is none of them.
    """
    program, plan = checked(rules)
    tested = subjects(program, plan, only)
    load = loader(rules, progress, allow_python=allow_python)
    run = run_examples(program, plan, tested, light(rules.pipeline, tested), load, progress)
    outcomes = run.outcomes
    names = {subject.name for subject in tested if subject.kind == "rule"}
    passed = {o.subject.name for o in outcomes if o.status == "passed" and not _todo(o)}
    found = tuple(
        d for outcome in outcomes for d in _diagnostics(run, outcome, program, rules.files)
    )
    return Examined(outcomes, len(names), len(names & passed), found)


def light(pipeline: Pipeline, tested: Sequence[Subject]) -> Annotate:
    """Return the text processing of a pipeline, as far as what is tested can tell it from none.

    Taggers and parsers run only if a pattern or condition reads what they give, and without them a
    text that cannot be cut into sentences is not processed: most examples are one plain sentence,
    and loading spaCy for them would take longer than all the rest. For the others it is loaded only
    once (`text.kept`).
    """
    steps = {step_of(node) for subject in tested for node in subject.needs.parts}
    pipeline = pipeline.only({step for step in steps if step is not None})
    processing = cache(lambda: annotator(pipeline, kept_annotations(pipeline)))

    def annotate(document: Document) -> Annotation:
        plain = all(_CUTS.isdisjoint(each.text.rstrip(" .?!")) for each in document.passages)
        if plain and not (pipeline.tagger or pipeline.parser):
            return Annotation(())
        return processing()(document)

    return annotate


def loader(
    rules: Rules,
    progress: Progress = silent,
    *,
    allow_python: bool = False,
    documents: frozenset[str] = frozenset(),
) -> Load:
    """Return what makes ready the tables, models and functions of a plan that are there.

    What needs Python that is not allowed counts as not there. documents: those whose own curated
    evidence is left out of knowledge bases.
    """

    def load(plan: Plan) -> tuple[Knowledge, Mapping[str, str]]:
        knowledge, missing = available(plan, documents, progress)
        refused = dict(missing)
        models, functions = dict(plan.models), dict(plan.functions)
        for name in (*models, *functions):
            alone = replace(
                plan,
                models={n: m for n, m in models.items() if n == name},
                functions={n: f for n, f in functions.items() if n == name},
            )
            try:
                check_python(alone, rules.files, allowed=allow_python)
            except RuleError as error:
                refused[name] = f"{error.message}; --allow-python lets it run"
        kept = replace(
            plan,
            models={n: m for n, m in models.items() if n not in refused},
            functions={n: f for n, f in functions.items() if n not in refused},
        )
        asked = load_models(kept), load_functions(kept)
        return replace(knowledge, models=asked[0], functions=asked[1]), refused

    return load


def _todo(outcome: Outcome) -> bool:
    return outcome.field.startswith("todo")


def _diagnostics(
    run: ExampleRun, outcome: Outcome, program: Program, files: Mapping[str, SourceFile]
) -> list[Diagnostic]:
    name, span = outcome.subject.name, outcome.example.span
    if outcome.status == "failed":
        should = "match" if outcome.field == "matches" else "reject"
        message = f"example of `{name}` should {should}, but {outcome.why}"
        related, hint = _explained(run, outcome, program, files)
        return [Diagnostic("BL501", "error", message, span, hint, related)]
    if outcome.status == "done":
        field = outcome.field.removeprefix("todo_")
        message = f"this example of `{name}` is still to do, but holds now"
        return [Diagnostic("BL505", "error", message, span, f"write it under `{field}:`")]
    return []


def _explained(
    run: ExampleRun, outcome: Outcome, program: Program, files: Mapping[str, SourceFile]
) -> tuple[tuple[tuple[Span, str], ...], str]:
    """Return the place and reason of the part that decided, and the hint."""
    hint = f'`biolabel why TASK {outcome.subject.name} "..."` shows each part'
    try:
        part = explain_outcome(run, outcome, program, files).blame()
    except RunError:
        return (), hint
    if part is None:
        return (), hint
    notes = "; ".join(note for note in part.notes if not note.startswith("{"))
    holds = {"yes": "holds", "no": "does not hold", "unknown": "is not known"}[part.verdict]
    return ((part.span, notes or f"this {holds}"),), part.hint or hint
