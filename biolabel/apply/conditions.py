"""Conditions to three-valued columns over the rows of a frame.

At concept level a candidate has several rows, one a pair of mentions. A positive condition is asked
of each pair, so that `and` speaks of the same pair; everything negative (`not`, `has no`, `is not`,
`at most`, `none of`, `>`, `!=`) means that no pair of mentions does otherwise (LANGUAGE.md 8).
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from biolabel.apply import measures, membership
from biolabel.apply.columns import (
    Column,
    conjunction,
    count_of,
    disjunction,
    known,
    lift,
    negate,
    spread,
    where_known,
    within,
)
from biolabel.apply.contexts import context_rows
from biolabel.apply.metadata import meta_numbers
from biolabel.apply.models import ask, call, says
from biolabel.apply.paths import path_length, path_like
from biolabel.apply.patterns import Matcher
from biolabel.apply.said import Said
from biolabel.apply.scene import Frame, Scene
from biolabel.apply.sections import in_section
from biolabel.apply.texts import Texts
from biolabel.data.models import Answers
from biolabel.lang import tree

Bools = NDArray[np.bool_]
_COMPARE: Mapping[str, Callable[[NDArray[np.float64], NDArray[np.float64]], Bools]] = {
    "<": operator.lt, "<=": operator.le, "=": operator.eq,
    "!=": operator.ne, ">=": operator.ge, ">": operator.gt,
}  # fmt: skip
_BOUNDS: Mapping[tree.Bound, Callable[[NDArray[np.int64], int], Bools]] = {
    "at least": operator.ge, "at most": operator.le, "exactly": operator.eq,
}  # fmt: skip
_POSITIVE: Mapping[tree.Operator, tree.Operator] = {">": "<=", ">=": "<", "!=": "="}


@dataclass(frozen=True, eq=False)
class Evaluator:
    """Evaluates the conditions of one task; equal conditions of its rules are evaluated once.

    said_by: what each earlier rule of the task says of the rows; voted: task and label to
    int64[documents], how many candidates of earlier tasks got exactly that vote.
    """

    scene: Scene
    frame: Frame
    said_by: Mapping[str, Said]
    voted: Mapping[tuple[str, str], NDArray[np.int64]]
    texts: Texts
    memo: dict[tree.Condition, Column] = field(default_factory=dict)
    said: dict[str, Answers] = field(default_factory=dict)

    def answers(self, model: str) -> Answers:
        """Return what a model says of the rows; each is asked once."""
        if model not in self.said:
            self.said[model] = ask(self.scene, self.frame, model)
        return self.said[model]

    def least(self, model: str) -> float:
        """Return the score under which what a model says does not count: its `min_score:`."""
        return self.scene.plan.models[model].min_score or 0.0

    def column(self, condition: tree.Condition) -> Column:
        """Return where a condition holds and where that is known."""
        if condition not in self.memo:
            self.memo[condition] = self._column(condition)
        return self.memo[condition]

    def _column(self, condition: tree.Condition) -> Column:
        match condition:
            case tree.And(parts):
                return conjunction([self.column(part) for part in parts])
            case tree.Or(parts):
                return disjunction([self.column(part) for part in parts])
            case tree.Not(part):
                return self._none(self.column(part))
            case tree.KOf("at most", number, parts):
                more = [self.column(part) for part in parts]
                return self._none(count_of(more, "at least", number + 1))
            case tree.KOf(bound, number, parts):
                return count_of([self.column(part) for part in parts], bound, number)
            case tree.Has():
                return self._has(condition)
            case tree.Borders(region, side, pattern):
                return self.texts.find(region, pattern).touches(side)
            case tree.Adjacent():
                return known(measures.adjacent(self.scene.corpus, self.frame))
            case tree.Is():
                return self._signed(self._is(condition), condition.negated)
            case tree.Member():
                return self._signed(
                    membership.member(self.scene, self.frame, condition), condition.negated
                )
            case tree.ModelSays(name):
                least = self.least(name.text)
                return says(self.answers(name.text), condition, least, len(self.frame))
            case tree.Python(target):
                return known(call(self.scene, self.frame, target))
            case tree.InKb():
                return self._signed(
                    membership.in_kb(self.scene, self.frame, condition), condition.negated
                )
            case tree.Order(first, relation, second):
                a, b = self.frame.sides[first.text], self.frame.sides[second.text]
                return known(a.first < b.first if relation == "before" else a.first > b.first)
            case tree.Same(what):
                return measures.same(self.scene.corpus, self.frame, what.text)
            case tree.Closer():
                return measures.closer(self.scene, self.frame, condition)
            case tree.Compare():
                return self._compare(condition)
            case tree.SectionIs(names, negated):
                kinds = [name.text for name in names]
                return self._signed(in_section(self.scene, self.frame, kinds), negated)
            case tree.PathLike():
                return path_like(self.scene.trees, self.frame, self.texts.near, condition)
            case tree.Fires(rule):
                return self.said_by[rule.text].fires
            case tree.RuleVotes(rule, label):
                return self.said_by[rule.text].votes(label.text)
            case tree.Voted(task, label, bound, number):
                counts = self.voted[task.text, label.text][self.frame.doc]
                return known(_BOUNDS[bound](counts, number))
            case _:
                raise TypeError(f"the compiler refuses {type(condition).__name__}")

    def _none(self, column: Column) -> Column:
        return negate(spread(lift(column, self.frame), self.frame))

    def _signed(self, column: Column, negated: bool) -> Column:
        return self._none(column) if negated else column

    def matcher(self, region: tree.Region) -> Matcher:
        """Return what finds patterns in a region, where an argument may be its whole concept."""
        return self.texts.matcher(region)

    def _has(self, condition: tree.Has) -> Column:
        found = self.texts.find(condition.region, condition.pattern, both_ways=condition.both_ways)
        count = condition.count
        if count is None:
            return self._signed(found.holds(), condition.negated)
        least, most = found.counts(different=count.different)
        if count.bound == "at most":
            more = within(least, most, "at least", count.number + 1)
            return self._none(where_known(more.true, more.known & found.known))
        held = within(least, most, count.bound, count.number)
        return where_known(held.true, held.known & found.known)

    def _is(self, condition: tree.Is) -> Column:
        name, what = condition.argument.text, condition.what.text
        context = self.scene.plan.contexts.get(what)
        if context is None:
            return measures.built_in(self.scene, self.frame, name, what)
        side = self.frame.sides[name]
        right = np.ones(len(self.frame), dtype=bool)
        if context.applies_to:
            types = {t.text for t in context.applies_to}
            right = measures.has_type(self.scene, side, types)
        held, possible = (
            right & (total[side.end] > total[side.first])
            for total in (
                np.r_[0, np.cumsum(context_rows(self.texts.near, what, possible=way))]
                for way in (False, True)
            )
        )
        return where_known(held, held | ~possible)

    def _compare(self, condition: tree.Compare) -> Column:
        positive = _POSITIVE.get(condition.operator)
        if positive is not None and isinstance(condition.left, tree.Distance | tree.Measure):
            return self._none(
                self.column(
                    tree.Compare(condition.left, positive, condition.right, span=condition.span)
                )
            )
        unit = condition.right.unit if isinstance(condition.right, tree.Quantity) else None
        left, right = self.value(condition.left, unit), self.value(condition.right, unit)
        answer = _COMPARE[condition.operator](left, right)
        return where_known(answer, ~(np.isnan(left) | np.isnan(right)))

    def value(self, value: tree.Value, unit: tree.Unit | None) -> NDArray[np.float64]:
        """Return the number that a side of a comparison is in each row, NaN if unknown: float64[n]."""
        match value:
            case tree.Quantity(number):
                return np.full(len(self.frame), number, dtype=np.float64)
            case tree.Distance(arguments):
                names = [name.text for name in arguments] if arguments else list(self.frame.sides)
                return measures.distance(self.scene.corpus, self.frame, names, unit)
            case tree.Measure("sentences_apart"):
                return measures.sentences_apart(self.scene.corpus, self.frame)
            case tree.Measure("shared_sentences"):
                return measures.shared_sentences(self.scene.corpus, self.frame)
            case tree.Measure("path_length"):
                return path_length(self.scene.trees, self.frame)
            case tree.CountOf(pattern, region):
                found = self.texts.find(region or tree.Region("document"), pattern)
                least, most = found.counts()
                return np.where(found.known & (least == most), least, np.nan)
            case tree.MetaValue(name):
                return meta_numbers(self.scene.corpus, name.text)[self.frame.doc]
            case _:
                raise TypeError(f"the compiler refuses {type(value).__name__}")


def evaluator(
    scene: Scene,
    frame: Frame,
    said_by: Mapping[str, Said],
    voted: Mapping[tuple[str, str], NDArray[np.int64]],
) -> Evaluator:
    """Return an evaluator for one task's candidates."""
    near, whole = Matcher(scene, frame), Matcher(scene, frame, whole_concept=True)
    return Evaluator(scene, frame, said_by, voted, Texts(scene, frame, near, whole))
