"""Samples of what a rule does over a corpus: hits, misses and borderline cases, with gold if known.

A hit is a candidate on which the rule votes. A miss is one on which other rules of the task give the
vote that this rule gives, and it does not. Borderline are those on which all but one of its parts
are as its vote needs them; its only positive part may lack no more than wider gaps would give it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from biolabel.compile.expand import expand_condition
from biolabel.data.votes import TaskVotes
from biolabel.evaluation.ground import Ground, Ints
from biolabel.evaluation.metrics import Interval
from biolabel.evaluation.needs import rules_of
from biolabel.evaluation.pieces import (
    Highlight,
    Piece,
    Place,
    bystanders,
    example_text,
    first_sentence,
    pieces,
)
from biolabel.evaluation.rules import wilson_interval
from biolabel.evaluation.spans import SpanExplainer
from biolabel.evaluation.why import nearest_row
from biolabel.lang import tree
from biolabel.lang.program import Program
from biolabel.lang.walk import nodes, rewrite

Kind = Literal["hit", "miss", "borderline"]
WIDER = 5
"""Words by which gaps are widened to find borderline cases of a pattern."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One sampled candidate.

    right: whether gold agrees with the vote that the rule gives (of a miss or borderline case:
    would give), None without gold; others: rules that give the same vote; lacking: the part that is
    not as the vote needs it; example: a marked text that stands for the candidate.
    """

    kind: Kind
    document: str
    context: tuple[Piece, ...]
    right: bool | None
    others: tuple[str, ...] = ()
    lacking: str = ""
    example: str = ""


@dataclass(frozen=True, slots=True)
class Sampled:
    """Samples of a rule with the numbers that they are drawn from.

    judged, right: its votes on candidates with gold, and those of them that contain gold.
    """

    rule: str
    task: str
    hits: int
    misses: int
    borderline: int
    judged: int
    right: int
    samples: tuple[Sample, ...]

    @property
    def interval(self) -> Interval | None:
        """The 95 % Wilson interval of the precision on gold."""
        return wilson_interval(self.right, self.judged) if self.judged else None


@dataclass(frozen=True, eq=False)
class Sampler:
    """What samples are drawn from: a judged corpus with the votes of all rules of the task.

    gold: int64[n], a bit for each gold label of a candidate, -1 where it is unknown.
    """

    ground: Ground
    program: Program
    votes: TaskVotes
    gold: NDArray[np.int64]

    def sample(self, name: str, n: int, rng: np.random.Generator) -> Sampled:
        """Return up to n samples of each kind for a rule of the task."""
        matrix = self.votes.matrix
        at = [lf.name for lf in matrix.lfs].index(name)
        own = np.flatnonzero(matrix.lf == at)
        mask = int(np.bitwise_or.reduce(matrix.mask[own], initial=0)) or self._declared(name)
        judged = self.gold[matrix.candidate[own]] != -1
        right = judged & (self.gold[matrix.candidate[own]] & matrix.mask[own] != 0)
        view = _View(self, name, at, mask)
        hits, misses, near = view.hits(), view.misses(), view.borderline()
        drawn = [
            sample
            for kind, found in (("hit", hits), ("miss", misses), ("borderline", near))
            for sample in view.shown(kind, _draw(found, n, rng))  # type: ignore[arg-type]
        ]
        return Sampled(
            name, matrix.task.name, len(hits), len(misses), len(near),
            int(judged.sum()), int(right.sum()), tuple(drawn),
        )  # fmt: skip

    def _declared(self, name: str) -> int:
        rule = rules_of(self.ground.plan)[name]
        every = (1 << len(self.votes.matrix.task.labels)) - 1
        masks = [case.mask for case in rule.cases] or [rule.mask]
        return reduce(or_, (m if isinstance(m, int) and m else every for m in masks))


@dataclass(frozen=True, slots=True)
class _Found:
    """A candidate to show: its number (of a span, its rows too) and what it lacks."""

    candidate: int
    place: Place = (0, 0)
    lacking: str = ""


def _draw(found: Sequence[_Found], n: int, rng: np.random.Generator) -> list[_Found]:
    if len(found) <= n:
        return list(found)
    return [found[at] for at in np.sort(rng.choice(len(found), n, replace=False)).tolist()]


@dataclass(frozen=True, eq=False)
class _View:
    sampler: Sampler
    name: str
    at: int
    mask: int

    @property
    def entity(self) -> bool:
        return self.sampler.votes.matrix.task.kind == "entity"

    @property
    def rule(self) -> tree.RuleDecl:
        return self.sampler.program.rules[self.name]

    def hits(self) -> list[_Found]:
        matrix = self.sampler.votes.matrix
        return self._votes(matrix.lf == self.at)

    def misses(self) -> list[_Found]:
        matrix = self.sampler.votes.matrix
        own = matrix.lf == self.at
        same = ~own & (matrix.mask & ~self.mask == 0)
        if self.entity:
            # A span of another rule is missed if this rule votes for none of its words.
            span = self.sampler.votes.evidence
            edges = np.zeros(len(self.sampler.ground.corpus.row_start) + 1, dtype=np.int64)
            np.add.at(edges, span[own, 0], 1)
            np.add.at(edges, span[own, 1], -1)
            total = np.r_[0, np.cumsum(np.cumsum(edges)[:-1] > 0)]
            same &= total[span[:, 1]] == total[span[:, 0]]
        else:
            same &= ~np.isin(matrix.candidate, matrix.candidate[own])
        return self._votes(same)

    def _votes(self, chosen: NDArray[np.bool_]) -> list[_Found]:
        votes = self.sampler.votes
        if self.entity:
            spans = np.unique(votes.evidence[chosen], axis=0).tolist()
            return [self._span(first, end) for first, end in spans]
        return [_Found(c) for c in np.unique(votes.matrix.candidate[chosen]).tolist()]

    def _span(self, first: int, end: int, lacking: str = "") -> _Found:
        """Return a span as its first candidate: its first row, or itself where spans are candidates."""
        spans = self.sampler.votes.spans
        if spans is None:
            return _Found(first, (first, end), lacking)
        own = np.flatnonzero((spans == (first, end)).all(axis=1))
        return _Found(int(own[0]) if len(own) else -1, (first, end), lacking)

    def borderline(self) -> list[_Found]:
        if self.entity:
            return self._blocked_spans()
        judge = self.sampler.ground.judged[self.rule.task.text].judge
        parts = parts_of_vote(self.rule, self.sampler.program)
        held = [
            judge.column(condition).false if blocks else judge.column(condition).true
            for condition, blocks, _ in parts
        ]
        missing = np.sum([~column for column in held], axis=0) == 1
        alone = sum(not blocks for _, blocks, _ in parts) == 1
        voted = {hit.candidate for hit in self.hits()}
        found: dict[int, _Found] = {}
        for part, column in zip(parts, held, strict=True):
            rows, lacking = missing & ~column, self._written(part)
            if alone and not part[1]:
                # Without its only positive part, nothing would be left of the rule.
                rows &= judge.column(rewrite(part[0], _wider)).true
                lacking += f", with gaps wider by {WIDER} words"
            for candidate in np.unique(judge.frame.candidate[rows]).tolist():
                if candidate not in voted:
                    found.setdefault(candidate, _Found(candidate, lacking=lacking))
        return [found[candidate] for candidate in sorted(found)]

    def _written(self, part: tuple[tree.Condition, bool, tree.Condition]) -> str:
        _, blocks, original = part
        source = self.sampler.program.files.get(original.span.file)
        text = "" if source is None else source.text[original.span.start : original.span.end]
        return ("unless: " if blocks else "") + " ".join(text.split())

    def _blocked_spans(self) -> list[_Found]:
        """Return spans that the rule finds and its conditions refuse."""
        ground, program = self.sampler.ground, self.sampler.program
        rule = rules_of(ground.plan)[self.name]
        voted = {found.place for found in self.hits()}
        teller = SpanExplainer(ground, program, program.files, 0)
        return [
            self._span(first, end, "its conditions")
            for first, end in teller.spans(rule, everywhere=True)
            if (first, end) not in voted
        ]

    def shown(self, kind: Kind, chosen: Iterable[_Found]) -> list[Sample]:
        return [self._sample(kind, found) for found in chosen]

    def _sample(self, kind: Kind, found: _Found) -> Sample:
        votes, corpus = self.sampler.votes, self.sampler.ground.corpus
        doc = int(votes.documents[found.candidate])
        if self.entity:
            doc = int(corpus.row_doc[found.place[0]])
        context, concepts = self._context(found, doc)
        gold = self._gold(found)
        matrix = votes.matrix
        low, high = np.searchsorted(matrix.candidate, [found.candidate, found.candidate + 1])
        others = [
            matrix.lfs[lf].name
            for lf, mask in zip(matrix.lf[low:high], matrix.mask[low:high], strict=True)
            if lf != self.at and mask & ~self.mask == 0
        ]
        return Sample(
            kind, corpus.ids[doc], context, gold, tuple(others), found.lacking,
            example_text(context, concepts),
        )  # fmt: skip

    def _gold(self, found: _Found) -> bool | None:
        first, end = found.candidate, found.candidate + 1
        if self.entity and self.sampler.votes.spans is None:
            first, end = found.place
        if first < 0:
            return None
        gold = self.sampler.gold[first:end]
        if (gold == -1).any() or not len(gold):
            return None
        return bool((gold & self.mask != 0).all())

    def _context(self, found: _Found, doc: int) -> tuple[tuple[Piece, ...], dict[str, str]]:
        ground = self.sampler.ground
        if self.entity:
            return pieces(ground.corpus, [Highlight(found.place, "span")]), {}
        judge = ground.judged[self.rule.task.text].judge
        others = bystanders(judge.scene.mentions, doc)
        if not judge.frame.sides:
            return first_sentence(ground.corpus, doc), {}
        rows: Ints = np.flatnonzero(judge.frame.candidate == found.candidate)
        row = nearest_row(judge, self.sampler.program, self.rule, rows)
        marks = [
            Highlight((int(side.first[row]), int(side.end[row])), name)
            for name, side in judge.frame.sides.items()
        ]
        named = any(isinstance(n, tree.InKb | tree.Member) for n in nodes(self.rule))
        concepts = {
            name: judge.frame.concepts[side.concept[row]].partition(":")[2]
            for name, side in judge.frame.sides.items()
            if named and side.concept[row] >= 0
        }
        return pieces(ground.corpus, marks, others), concepts


def parts_of_vote(
    rule: tree.RuleDecl, program: Program
) -> list[tuple[tree.Condition, bool, tree.Condition]]:
    """Return each part of a rule, written out, whether it blocks, and as written."""
    found = [
        (expand_condition(part, program), False, part) for part in _conjuncts(rule.when, program)
    ]
    if rule.cases:
        union = tuple(expand_condition(case.when, program) for case in rule.cases)
        any_case = tree.Or(union) if len(union) > 1 else union[0]
        found.append((any_case, False, rule.cases[0].when))
    found += [(expand_condition(part, program), True, part) for part in rule.unless]
    return found


def _conjuncts(condition: tree.Condition | None, program: Program) -> list[tree.Condition]:
    """Return the parts that must all hold, those of named conditions too."""
    match condition:
        case None:
            return []
        case tree.And(parts):
            return [inner for part in parts for inner in _conjuncts(part, program)]
        case tree.CondRef(name) if isinstance(program.conditions[name.text].condition, tree.And):
            return _conjuncts(program.conditions[name.text].condition, program)
        case _:
            return [condition]


def _wider(node: tree.Node) -> tree.Node:
    if isinstance(node, tree.Gap) and node.high is not None:
        return replace(node, high=node.high + WIDER)
    return node


def proposals(sampled: Sampled) -> tuple[tuple[str, str], ...]:
    """Return examples that samples suggest, each with its field: what gold says should be, is.

    Without gold a hit is taken as right, and of others nothing is known. What gold calls wrong is
    still to do.
    """
    found: dict[str, str] = {}
    for sample in sampled.samples:
        if not sample.example or " ... " in sample.example:
            continue
        if sample.kind == "hit":
            field = "todo_rejects" if sample.right is False else "matches"
        elif sample.right is None:
            continue
        else:
            field = "todo_matches" if sample.right else "rejects"
        found.setdefault(sample.example, field)
    return tuple((field, text) for text, field in found.items())
