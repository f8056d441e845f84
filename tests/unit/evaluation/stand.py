"""Small rule files, compiled and run, for the tests of what looks into rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from biolabel.apply.knowledge import Knowledge
from biolabel.compile.lower import compile_program
from biolabel.compile.plan import Plan
from biolabel.errors import SourceFile
from biolabel.evaluation.examples import ExampleRun, Outcome, run_examples
from biolabel.evaluation.explain import Explanation, explain_outcome
from biolabel.evaluation.needs import available
from biolabel.evaluation.subjects import subjects
from biolabel.evaluation.why import Part
from biolabel.lang import tree
from biolabel.lang.load import load
from biolabel.lang.program import Program
from biolabel.text.build import naive

WORDS = """
entity mentions
  labels: Chemical, Disease
"""
PAIRS = f"""{WORDS}
relation cid(chemical: Chemical, disease: Disease)
  labels: causes, none
  scope: document
  mentions: mentions
  level: concept

list verbs
  words: cause~, induce~
"""
ABOUT = "document topic\n  labels: harm, other\n"
CHEMICALS = """
ontology chemicals
  from: tsv "chemicals.tsv"
  type: Chemical
  ids: "MESH"
  via: exact
"""
TABLE = (
    "id\tname\nD1\tmorphine\nD2\tlithium\nD3\theparin\nD4\tiron\nD5\tvalproic acid\nD6\tcodeine\n"
)
"""What `chemicals` are read from; `stand` writes it beside the rules."""


@dataclass(frozen=True)
class Stand:
    """A program with its plan."""

    program: Program
    plan: Plan

    @property
    def files(self) -> dict[str, SourceFile]:
        """The files of the program."""
        return dict(self.program.files)

    def run(self, only: str | None = None) -> ExampleRun:
        """Run the examples, with sentences that start at capitals."""
        tested = subjects(self.program, self.plan, only)
        return run_examples(self.program, self.plan, tested, naive, loaded)

    def outcomes(self, only: str | None = None) -> list[tuple[str, str, str]]:
        """Return name, field and status of every example."""
        return [(o.subject.name, o.field, o.status) for o in self.run(only).outcomes]

    def why(self, name: str, text: str, **meta: tuple[str, ...]) -> Explanation:
        """Explain a rule, condition or pattern on a marked text."""
        example = tree.Example(text, tuple(meta.items()))
        found = subjects(self.program, self.plan, name)[0]
        subject = type(found)(
            found.name, found.kind, found.task, tree.Tests(matches=(example,)), found.needs,
            found.condition, found.pattern,
        )  # fmt: skip
        run = run_examples(self.program, self.plan, [subject], naive, loaded)
        return explain_outcome(run, run.outcomes[0], self.program, self.files)


def loaded(plan: Plan) -> tuple[Knowledge, Mapping[str, str]]:
    """Return the tables of a plan that are there."""
    return available(plan, frozenset())


def stand(folder: Path, rules: str) -> Stand:
    """Return rules that compile."""
    (folder / "chemicals.tsv").write_text(TABLE, encoding="utf-8")
    path = folder / "stand.rules"
    path.write_text(f"biolabel 1\n{rules}", encoding="utf-8")
    checked = load(path)
    assert checked.program is not None, checked.diagnostics
    plan = compile_program(checked.program).plan
    assert plan is not None
    return Stand(checked.program, plan)


def outcome(folder: Path, rules: str) -> Outcome:
    """Return the outcome of the only example of some rules."""
    (found,) = stand(folder, rules).run().outcomes
    return found


def leaf(part: Part, text: str) -> Part:
    """Return the part, in it or below, that is written so."""
    found = _leaf(part, text)
    assert found is not None, part
    return found


def _leaf(part: Part, text: str) -> Part | None:
    if part.text == text:
        return part
    return next((found for inner in part.parts if (found := _leaf(inner, text))), None)


FINDS_NOTHING = f"""{WORDS}
condition unused for mentions
  is: span has "x"
rule nothing for mentions
  votes: none
  find: "nothing"
"""
