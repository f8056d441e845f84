"""What `Pipeline` returns of rules, votes and soft labels: tables for programs, HTML for notebooks."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pyarrow as pa
from markupsafe import Markup

from biolabel.api.html import code, frame, marked, note, table
from biolabel.api.tabular import Tabular, head_of
from biolabel.data.corpus import Corpus
from biolabel.data.labels import LabelMatrix, SoftLabels
from biolabel.data.mentions import MentionTable
from biolabel.data.votes import TaskVotes
from biolabel.errors import Diagnostic
from biolabel.errors.render import render, render_all
from biolabel.interop.columns import soft_table, votes_table
from biolabel.interop.places import Said

if TYPE_CHECKING:
    from biolabel.evaluation.explain import Explanation
    from biolabel.evaluation.rules import RuleAnalysis
    from biolabel.evaluation.why import Part
    from biolabel.workflow.analysis import TaskAnalysis
    from biolabel.workflow.fit import Fitted
    from biolabel.workflow.reasons import Labeled
    from biolabel.workflow.rules import Rules


@dataclass(frozen=True, eq=False, repr=False)
class Findings:
    """What checking the rules found: every mistake with its place."""

    rules: "Rules"

    @property
    def ok(self) -> bool:
        """Whether the rules can run."""
        return self.rules.plan is not None

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The findings in the order of the files: errors, warnings and notes."""
        return self.rules.diagnostics

    def __repr__(self) -> str:
        """Return the findings but for notes, with source and caret, as `biolabel check` prints them."""
        return render_all(self._shown(), self.rules.files)

    def _repr_html_(self) -> str:
        shown = self._shown()
        counts = Counter(each.severity for each in self.diagnostics)
        said = ", ".join(f"{n} {kind}{'s' * (n > 1)}" for kind, n in sorted(counts.items()))
        parts = [code(render(each, self.rules.files)) for each in shown]
        title = "the rules can run" if self.ok else "the rules have errors"
        return frame(title, note(said or "nothing found"), *parts)

    def _shown(self) -> list[Diagnostic]:
        return [each for each in self.diagnostics if each.severity != "note"]


@dataclass(frozen=True, eq=False, repr=False)
class Votes(Tabular):
    """The votes of a task's rules over the corpus or dev.

    votes: with evidence and candidates; arguments: what the relation calls its arguments.
    """

    on: str
    votes: TaskVotes
    corpus: Corpus
    mentions: MentionTable
    arguments: tuple[str, ...] = ()

    @property
    def matrix(self) -> LabelMatrix:
        """The sparse label matrix."""
        return self.votes.matrix

    @cached_property
    def _table(self) -> pa.Table:
        return votes_table(self.votes, self.corpus, self.mentions, self.arguments)

    def table(self) -> pa.Table:
        """Return one row a vote, as `interop.columns.votes_table` describes it."""
        return self._table

    def __repr__(self) -> str:
        """Return how many votes there are."""
        matrix = self.matrix
        return (
            f"{matrix.task.name} on {self.on}: {len(matrix.mask):,} votes of {len(matrix.lfs)} rules"
            f" on {matrix.n_candidates:,} candidates"
        )

    def _repr_html_(self) -> str:
        matrix = self.matrix
        votes = Counter(matrix.lf.tolist())
        rows = [
            (lf.name, votes[at], votes[at] / max(matrix.n_candidates, 1))
            for at, lf in enumerate(matrix.lfs)
        ]
        rows.sort(key=lambda row: -row[1])
        found = self.table()
        named = self.arguments or ("subject", "object")
        texts = ["text", *(f"{name}_text" for name in named)]
        kept = [name for name in ("doc", *texts, "rule", "labels") if name in found.column_names]
        return frame(repr(self), table(("rule", "votes", "coverage"), rows), head_of(found, kept))


@dataclass(frozen=True, eq=False, repr=False)
class Analysis(Tabular):
    """What each rule of a task covers, repeats and contradicts, and how often gold says it is right."""

    found: "TaskAnalysis"

    @property
    def rules(self) -> "tuple[RuleAnalysis, ...]":
        """The analysis of each rule, in the order of the files."""
        return self.found.matrix.rules

    def table(self) -> pa.Table:
        """Return one row a rule; precision, low and high are null without gold on its votes."""
        return pa.Table.from_pylist([_of_rule(rule) for rule in self.rules], schema=_ANALYSIS)

    def __repr__(self) -> str:
        """Return the figures of the whole task."""
        found = self.found.matrix
        return (
            f"{found.task} on {self.found.part}: {found.coverage:.1%} of {found.candidates:,} candidates"
            f" have a vote, {found.overlap:.1%} several, {found.conflict:.1%} some that conflict"
        )

    def _repr_html_(self) -> str:
        rows = [tuple(_of_rule(rule).values()) for rule in self.rules]
        return frame(repr(self), table(_ANALYSIS.names, rows))


_ANALYSIS = pa.schema(
    [
        ("rule", pa.string()),
        ("labels", pa.string()),
        ("votes", pa.int64()),
        *((name, pa.float64()) for name in ("coverage", "overlap", "conflict", "redundancy")),
        *((name, pa.float64()) for name in ("precision", "low", "high")),
    ]
)


def _of_rule(rule: "RuleAnalysis") -> dict[str, str | int | float | None]:
    interval = rule.measure.interval if rule.measure else None
    return {
        "rule": rule.name,
        "labels": ", ".join(rule.labels),
        "votes": rule.votes,
        "coverage": rule.coverage,
        "overlap": rule.overlap,
        "conflict": rule.conflict,
        "redundancy": rule.redundancy,
        "precision": rule.precision,
        "low": interval.low if interval else None,
        "high": interval.high if interval else None,
    }


@dataclass(frozen=True, eq=False, repr=False)
class LabelModel(Tabular):
    """The label model: how far each rule can be trusted, as far as the votes alone can tell."""

    fitted: "Fitted"

    def table(self) -> pa.Table:
        """Return one row a rule that voted: its estimated accuracy with its 95 % interval."""
        rows = [
            {
                "task": name,
                "rule": worth.lf,
                "votes": int(worth.votes),
                "accuracy": worth.accuracy,
                "low": worth.accuracy_low,
                "high": worth.accuracy_high,
            }
            for name, trust in self.fitted.trust.items()
            for worth in trust.worth
        ]
        return pa.Table.from_pylist(rows, schema=_WORTH)

    def __repr__(self) -> str:
        """Return which estimator each task has, and how it differs from the majority vote."""
        return "\n".join(self._lines())

    def _repr_html_(self) -> str:
        found = self.table()
        rows = [tuple(row.values()) for row in found.to_pylist()]
        return frame("label model", *map(note, self._lines()), table(found.column_names, rows))

    def _lines(self) -> Iterator[str]:
        model = self.fitted.model
        for name, trust in self.fitted.trust.items():
            choice = model.tasks[name].choice
            method = choice.chosen if choice else model.settings.method
            yield (
                f"{name}: {method}; as the majority vote on {trust.compared.agreement:.1%} of"
                f" {trust.compared.covered:,} candidates with votes"
            )
            for concern in trust.concerns:
                yield f"warning[{concern.code}]: {concern.message}"


_WORTH = pa.schema(
    [
        ("task", pa.string()),
        ("rule", pa.string()),
        ("votes", pa.int64()),
        *((name, pa.float64()) for name in ("accuracy", "low", "high")),
    ]
)


@dataclass(frozen=True, eq=False, repr=False)
class Soft(Tabular):
    """The soft labels of a task over the corpus or dev; `votes` are those behind them."""

    soft: SoftLabels
    votes: Votes

    @cached_property
    def _table(self) -> pa.Table:
        of = self.votes
        return soft_table(self.soft, of.votes, of.corpus, of.mentions, of.arguments)

    def table(self) -> pa.Table:
        """Return one row a candidate with votes, as `interop.columns.soft_table` describes it."""
        return self._table

    def labels(self) -> Sequence[str]:
        """Return the labels of the task."""
        return self.soft.task.labels

    def __repr__(self) -> str:
        """Return how many candidates have soft labels."""
        covered = int(self.soft.covered.sum())
        task = self.soft.task.name
        return f"{task} on {self.votes.on}: soft labels of {covered:,} candidates with votes"

    def _repr_html_(self) -> str:
        found = self.table()
        hidden = {"candidate", "start", "end", "covered"}
        kept = [
            name
            for name in found.column_names
            if name not in hidden and not name.endswith(("_start", "_end"))
        ]
        return frame(repr(self), head_of(found, kept))


@dataclass(frozen=True, eq=False, repr=False)
class Explained:
    """Whether a rule, condition or pattern holds on a text, and which part of it decides."""

    found: "Explanation"

    def __repr__(self) -> str:
        """Return the outcome."""
        return self.found.headline

    def _repr_html_(self) -> str:
        about = [note(line) for line in self.found.about]
        return frame(repr(self), *about, _parts(self.found.parts))


def _parts(parts: "Sequence[Part]") -> Markup:
    items = []
    for part in parts:
        said = Markup("").join(note(line) for line in (*part.notes, part.hint) if line)
        role = f"{part.role}: " if part.role else ""
        line = Markup("<li><b>{}</b> {}<code>{}</code>{}{}</li>")
        items.append(line.format(part.verdict, role, part.text, said, _parts(part.parts)))
    return Markup("<ul>{}</ul>").format(Markup("").join(items)) if items else Markup("")


@dataclass(frozen=True, eq=False, repr=False)
class Reasons:
    """Why the candidates of a task in one document have their soft labels, the likeliest first.

    said: the votes in the document, with the places of their evidence.
    """

    task: str
    document: str
    text: str
    labeled: "tuple[Labeled, ...]"
    said: tuple[Said, ...]

    def __repr__(self) -> str:
        """Return how many candidates have reasons."""
        number = len(self.labeled)
        return f"{self.task} in {self.document}: {number} candidate{'s' * (number != 1)} with votes"

    def _repr_html_(self) -> str:
        told = {each.reasons.candidate for each in self.labeled}
        places = (
            (each.start, each.end, f"{each.rule}: {' or '.join(each.labels)}")
            for each in self.said
            if each.candidate in told
        )
        return frame(repr(self), marked(self.text, places), *map(_reasons, self.labeled))


def _reasons(each: "Labeled") -> Markup:
    own = each.reasons
    soft = ", ".join(f"{label} {p:.3f}" for label, p in each.probabilities)
    rows = [
        (", ".join(one.lfs), " or ".join(one.labels), one.log_odds) for one in own.contributions
    ]
    rest = own.log_odds - sum(one.log_odds for one in own.contributions)
    rows.append(("class prior, silent rules, and what rules say together", "", rest))
    head = ("rules", "votes for", f"log odds of {own.label}")
    return note(f"{', '.join(each.about)}: {soft}") + table(head, rows)
