"""Explanations of a rule, condition or pattern on one document of a ground."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from biolabel.apply.candidates import span_frame
from biolabel.apply.conditions import evaluator
from biolabel.errors import RunError, SourceFile
from biolabel.evaluation.examiner import marked_frame, places_of
from biolabel.evaluation.examples import ExampleRun, Outcome
from biolabel.evaluation.ground import (
    Ground,
    Ints,
    Verdict,
    fired_column,
    rows_of_candidate,
    verdict,
)
from biolabel.evaluation.marked import rows_of_marks
from biolabel.evaluation.near import Sight, near_miss, written
from biolabel.evaluation.needs import rules_of
from biolabel.evaluation.pieces import Place
from biolabel.evaluation.spans import SpanExplainer
from biolabel.evaluation.subjects import Subject
from biolabel.evaluation.why import Explainer, Part, nearest_row
from biolabel.lang import tree
from biolabel.lang.program import Program


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether a rule, condition or pattern holds on a document, and its parts.

    verdict: of the whole; vote: what the rule votes for, "" if nothing; about: what the candidate
    is; parts: as `Explainer.rule` and `SpanExplainer.rule` give them.
    """

    name: str
    kind: str
    verdict: Verdict
    vote: str
    about: tuple[str, ...]
    parts: tuple[Part, ...]

    @property
    def headline(self) -> str:
        """The outcome in words."""
        if self.kind != "rule":
            words = {"yes": "holds", "no": "does not hold", "unknown": "is not known"}
            return f"{self.kind} {self.name}: {words[self.verdict]}"
        if self.vote:
            return f"rule {self.name}: votes {self.vote}"
        why = "abstains, as not all that it asks is known"
        return f"rule {self.name}: {why if self.verdict == 'unknown' else 'does not fire'}"

    def blame(self) -> Part | None:
        """Return the innermost part that is why the whole has its verdict."""
        for part in self.parts:
            own = _turned(part.verdict) if part.role == "unless" else part.verdict
            if own == self.verdict:
                return _innermost(part)
        return None


@dataclass(frozen=True, eq=False)
class Teller:
    """Tells why, on one document of a ground; `places`: half-open rows of its marked arguments."""

    ground: Ground
    program: Program
    files: Mapping[str, SourceFile]
    doc: int

    def subject(
        self, subject: Subject, places: Mapping[str, Place], span: Place | None
    ) -> Explanation:
        """Explain whatever has examples.

        Raises:
            RunError: BL924 when the document has no such candidate.
        """
        if subject.kind == "rule":
            return self.rule(subject.name, places, span)
        tell = self.condition if subject.kind == "condition" else self.pattern
        return tell(subject, places, span)

    def rule(self, name: str, places: Mapping[str, Place], span: Place | None) -> Explanation:
        """Explain a rule for the marked candidate, else for the one that comes nearest to a vote.

        Raises:
            RunError: BL924 when the document has no such candidate.
        """
        rule = rules_of(self.ground.plan)[name]
        declared = self.program.rules[name]
        if rule.task not in self.ground.judged:
            teller = SpanExplainer(self.ground, self.program, self.files, self.doc)
            parts = teller.rule(rule, span)
            found = _together(parts)
            vote = _vote(declared, parts, found, self.files)
            return Explanation(name, "rule", found, vote, (), parts)
        judged = self.ground.judged[rule.task]
        rows = self._rows(rule.task, places)
        row = nearest_row(judged.judge, self.program, declared, rows)
        at = [r.lf.name for r in self.ground.task(rule.task).rules].index(name)
        frame = judged.judge.frame
        found = verdict(fired_column(judged.cases[at]), frame, np.array([row]))
        explainer = Explainer(judged.judge, self.program, self.files, row)
        parts = explainer.rule(declared)
        vote = _vote(declared, parts, found, self.files)
        return Explanation(name, "rule", found, vote, self._about(explainer, rows), parts)

    def condition(
        self, subject: Subject, places: Mapping[str, Place], span: Place | None
    ) -> Explanation:
        """Explain a named condition.

        Raises:
            RunError: BL924 when the document has no such candidate.
        """
        body = self.program.conditions[subject.name].condition
        if body is None:
            raise TypeError("the checker refuses conditions without `is:`")
        if subject.task in self.ground.judged:
            judge = self.ground.judged[subject.task].judge
            rows = self._rows(subject.task, places)
            column = judge.column(subject.condition or body)
            row = int(rows[int(column.true[rows].argmax())])
        else:
            if span is None:
                raise _no_candidate(subject.task, "mark the span: {text}")
            labels = self.ground.task(subject.task).task.labels
            first, end = (np.array([at], dtype=np.int32) for at in span)
            frame = span_frame(self.ground.corpus, first, end, labels)
            judge, rows, row = (
                evaluator(self.ground.scenes[subject.task], frame, {}, self.ground.voted),
                np.zeros(1, int),
                0,
            )
        explainer = Explainer(judge, self.program, self.files, row)
        part = explainer.part(body)
        about = self._about(explainer, rows)
        return Explanation(subject.name, "condition", part.verdict, "", about, (part,))

    def pattern(
        self, subject: Subject, places: Mapping[str, Place], span: Place | None
    ) -> Explanation:
        """Explain a named pattern: where it matches, or how far it came."""
        body = self.program.patterns[subject.name].pattern
        if body is None:
            raise TypeError("the checker refuses patterns without `is:`")
        frame = marked_frame(self.doc, places)
        judge = evaluator(self.ground.full, frame, {}, {})
        corpus = self.ground.corpus
        around = (int(corpus.doc_rows[self.doc]), int(corpus.doc_rows[self.doc + 1]))
        matcher = judge.matcher(tree.Region("sentence"))
        sight = Sight(matcher, self.program, self.files, 0, (around,), around)
        found = sight.inside(body)
        pairs = set(zip(found.first.tolist(), found.end.tolist(), strict=True))
        held = span in pairs if span else bool(pairs)
        notes = (f"found {sight.texts(found)}",) if pairs else near_miss(sight, body).notes
        if span and not held:
            notes = (f"{sight.text(*span)} is not a match", *notes)
        hint = "" if held else near_miss(sight, body).hint
        text = written(self.files, body.span)
        part = Part(text, "yes" if held else "no", notes, hint, span=body.span)
        return Explanation(subject.name, "pattern", part.verdict, "", (), (part,))

    def _rows(self, task: str, places: Mapping[str, Place]) -> Ints:
        frame = self.ground.judged[task].judge.frame
        rows = rows_of_candidate(frame, self.doc, places)
        missing = " and ".join(f"{{{name}: ...}}" for name in frame.sides if name not in places)
        if not len(rows) and missing:
            raise _no_candidate(task, f"mark {missing} in the text, or take another document")
        if not len(rows):
            raise _no_candidate(task, "`scope:`, `order:` or `when:` of the task leaves it out")
        return rows

    def _about(self, explainer: Explainer, rows: Ints) -> tuple[str, ...]:
        notes = [explainer.argument(name) for name in explainer.judge.frame.sides]
        candidates = len(np.unique(explainer.judge.frame.candidate[rows]))
        if candidates > 1:
            notes.append(f"the nearest of {candidates:,} candidates")
        elif len(rows) > 1:
            notes.append(f"the nearest of its {len(rows)} pairs of mentions")
        return tuple(notes)


def explain_outcome(
    run: ExampleRun, outcome: Outcome, program: Program, files: Mapping[str, SourceFile]
) -> Explanation:
    """Explain why an example has its outcome.

    Raises:
        RunError: BL924 when its marked words are no candidate; BL925 when it was left out.
    """
    if run.ground is None or outcome.status == "left out":
        raise RunError("BL925", f"`{outcome.subject.name}` cannot run: {outcome.why}")
    spans = rows_of_marks(run.ground.corpus, outcome.doc, outcome.tried.spans)
    places = places_of(run.ground, outcome.doc, outcome.tried.arguments)
    teller = Teller(run.ground, program, files, outcome.doc)
    told = [
        teller.subject(outcome.subject, places, span)
        for span in [*spans, None][: max(len(spans), 1)]
    ]
    wanted: Verdict = "yes" if outcome.field.endswith("rejects") else "no"
    return next((each for each in told if each.verdict == wanted), told[0])


def _no_candidate(task: str, hint: str) -> RunError:
    return RunError("BL924", f"this is no candidate of `{task}`", hint=hint)


def _together(parts: tuple[Part, ...]) -> Verdict:
    """Return whether an entity rule votes, from the verdicts of its parts."""
    cases = [p.verdict for p in parts if p.role.startswith("case")]
    others = [_turned(p.verdict) if p.role == "unless" else p.verdict
              for p in parts if not p.role.startswith("case")]  # fmt: skip
    if cases:
        best: Verdict = "yes" if "yes" in cases else "unknown" if "unknown" in cases else "no"
        others.append(best)
    return "no" if "no" in others else "unknown" if "unknown" in others else "yes"


def _turned(found: Verdict) -> Verdict:
    return {"yes": "no", "no": "yes", "unknown": "unknown"}[found]  # type: ignore[return-value]


def _vote(
    rule: tree.RuleDecl, parts: tuple[Part, ...], found: Verdict, files: Mapping[str, SourceFile]
) -> str:
    if found == "unknown":
        return ""
    if found == "no":
        otherwise = rule.otherwise
        return f"{written(files, otherwise.span)}, by `else:`" if otherwise else ""
    if rule.votes is not None:
        return written(files, rule.votes.span)
    cases = [part for part in parts if part.role.startswith("case")]
    held = [case for case, part in zip(rule.cases, cases, strict=True) if part.verdict == "yes"]
    return ", ".join(written(files, case.vote.span) for case in held)


def _innermost(part: Part) -> Part:
    for inner in part.parts:
        if inner.verdict == part.verdict:
            return _innermost(inner)
    return part if not part.parts else _innermost(part.parts[0])
