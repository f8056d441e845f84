"""Rule files to a plan: parsed, checked and compiled, with every finding."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from biolabel.compile.lower import compile_program
from biolabel.compile.plan import Plan
from biolabel.errors import Diagnostic, RuleError, SourceFile
from biolabel.lang.load import load_all
from biolabel.lang.program import Checked, Program
from biolabel.lang.session import Session
from biolabel.text.pipeline import Pipeline
from biolabel.workflow.ingest import pipeline_of
from biolabel.workflow.settings import TaskFolder, check_gold


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a task as far as they could be understood; plan is None where there are errors.

    program: the checked rules, None where checking found errors.
    """

    plan: Plan | None
    program: Program | None
    pipeline: Pipeline
    files: Mapping[str, SourceFile]
    diagnostics: tuple[Diagnostic, ...]
    digest: str

    def ready(self) -> Plan:
        """Return the plan.

        Raises:
            RuleError: with all diagnostics when there is no plan.
        """
        if self.plan is None:
            raise RuleError(self.diagnostics, self.files)
        return self.plan


def read_rules(task: TaskFolder) -> Rules:
    """Parse, check and compile all rule files of a task.

    Raises:
        RunError: BL909 when task.toml and rules that can run disagree about gold.
    """
    return _with_gold(task, read_files(task.rule_files()))


def _with_gold(task: TaskFolder, rules: Rules) -> Rules:
    if rules.plan is not None:
        tasks = [each.task for each in rules.plan.tasks if each.task.kind == "relation"]
        check_gold(task, {each.name: each.labels for each in tasks})
    return rules


def read_files(paths: Sequence[Path]) -> Rules:
    """Parse, check and compile rule files that see each other's names."""
    return _compiled(load_all(paths), lambda found: found)


def reread_rules(task: TaskFolder, session: Session) -> Rules:
    """Return what `read_rules` gives, at the cost of what changed since the session read them last.

    The trees of program and plan have spans on the session's shelves (`Session.shelved`).

    Raises:
        RunError: as `read_rules`.
    """
    return _with_gold(task, _compiled(session.shelved(), session.moved))


def _compiled(checked: Checked, moved: Callable[[Diagnostic], Diagnostic]) -> Rules:
    plan, found, pipeline = None, checked.diagnostics, Pipeline()
    if checked.program is not None:
        compiled = compile_program(checked.program)
        plan, found = compiled.plan, (*checked.diagnostics, *map(moved, compiled.diagnostics))
        pipeline = pipeline_of(checked.program.pipeline)
    digest = hashlib.sha256()
    for path in sorted(checked.files):
        digest.update(checked.files[path].text.encode())
    return Rules(plan, checked.program, pipeline, checked.files, found, digest.hexdigest()[:16])
