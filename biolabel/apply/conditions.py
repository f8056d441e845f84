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

from biolabel.apply import measures
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
)
from biolabel.apply.contexts import context_rows
from biolabel.apply.matches import Matches, union
from biolabel.apply.patterns import Matcher
from biolabel.apply.regions import inside, listed, region_ranges, touching
from biolabel.apply.scene import Frame, Scene
from biolabel.compile.expand import swap_arguments
from biolabel.lang import tree
from biolabel.lang.walk import nodes

Bools = NDArray[np.bool_]
_COMPARE: Mapping[str, Callable[[NDArray[np.float64], NDArray[np.float64]], Bools]] = {
    "<": operator.lt, "<=": operator.le, "=": operator.eq,
    "!=": operator.ne, ">=": operator.ge, ">": operator.gt,
}  # fmt: skip
_BOUNDS: Mapping[tree.Bound, Callable[[NDArray[np.int64], int], Bools]] = {
    "at least": operator.ge, "at most": operator.le, "exactly": operator.eq,
}  # fmt: skip
_POSITIVE: Mapping[tree.Operator, tree.Operator] = {">": "<=", ">=": "<", "!=": "="}
_WHOLE = frozenset({"document", "title", "abstract", "section"})


@dataclass(frozen=True, eq=False)
class Evaluator:
    """Evaluates the conditions of one task; equal conditions of its rules are evaluated once.

    fired: rows of the frame on which each earlier rule of the task fired; voted: task and label to
    int64[documents], how many candidates of earlier tasks got exactly that vote.
    """

    scene: Scene
    frame: Frame
    fired: Mapping[str, Column]
    voted: Mapping[tuple[str, str], NDArray[np.int64]]
    near: Matcher
    whole: Matcher
    memo: dict[tree.Condition, Column] = field(default_factory=dict)

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
                ranges = region_ranges(self.scene, self.frame, region)
                touched = touching(self.matcher(region).find(pattern), ranges, side)
                return where_known(touched, self._has_concepts(pattern, region))
            case tree.Adjacent():
                return known(measures.adjacent(self.scene.corpus, self.frame))
            case tree.Is():
                return self._signed(self._is(condition), condition.negated)
            case tree.Member():
                return self._signed(
                    measures.member(self.scene, self.frame, condition), condition.negated
                )
            case tree.InKb():
                return self._signed(
                    measures.in_kb(self.scene, self.frame, condition), condition.negated
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
                return self._signed(
                    measures.in_section(self.scene.corpus, self.frame, kinds), negated
                )
            case tree.Fires(rule):
                return self.fired[rule.text]
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
        whole = region.kind in _WHOLE and self.frame.whole_concepts
        return self.whole if whole else self.near

    def _has_concepts(self, pattern: tree.Pattern, region: tree.Region) -> Bools:
        """Return where a pattern can be looked for: an argument that means its concept must have one."""
        found = np.ones(len(self.frame), dtype=bool)
        if self.matcher(region) is self.whole:
            for node in nodes(pattern):
                if isinstance(node, tree.Arg):
                    found &= self.frame.sides[node.name].concept >= 0
        return found

    def _has(self, condition: tree.Has) -> Column:
        matcher = self.matcher(condition.region)
        found = matcher.find(condition.pattern)
        if condition.both_ways:
            swapped = swap_arguments(condition.pattern, *self.frame.sides)
            found = union([found, matcher.find(swapped)])
        sure = self._has_concepts(condition.pattern, condition.region)
        if condition.count is not None:
            counts = self._counts(found, condition.region, different=condition.count.different)
            if condition.count.bound == "at most":
                return self._none(where_known(counts > condition.count.number, sure))
            return where_known(_BOUNDS[condition.count.bound](counts, condition.count.number), sure)
        ranges = region_ranges(self.scene, self.frame, condition.region)
        return self._signed(where_known(inside(found, ranges), sure), condition.negated)

    def _counts(
        self, found: Matches, region: tree.Region, *, different: bool = False
    ) -> NDArray[np.int64]:
        """Return how many different places (or texts) match in each row's region."""
        ranges = region_ranges(self.scene, self.frame, region)
        which, index = listed(found, ranges)
        if different:
            texts = measures.span_texts(self.scene.corpus, found.first, found.end)
            which = np.unique(np.stack([which, texts[index]]), axis=1)[0]
        elif (found.owner >= 0).any() and (found.owner < 0).any():
            # A place may match as an argument and as a text.
            places = np.stack([which, found.first[index], found.end[index]])
            which = np.unique(places, axis=1)[0]
        return np.bincount(which, minlength=len(self.frame))

    def _is(self, condition: tree.Is) -> Column:
        name, what = condition.argument.text, condition.what.text
        context = self.scene.plan.contexts.get(what)
        if context is None:
            return measures.built_in(self.scene, self.frame, name, what)
        side = self.frame.sides[name]
        total = np.r_[0, np.cumsum(context_rows(self.near, what))]
        held = total[side.end] > total[side.first]
        if context.applies_to:
            types = {t.text for t in context.applies_to}
            held &= measures.has_type(self.scene, side, types)
        return known(held)

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
        sure = self._is_known(condition.left) & self._is_known(condition.right)
        return where_known(_COMPARE[condition.operator](left, right), sure)

    def _is_known(self, value: tree.Value) -> Bools:
        match value:
            case tree.CountOf(pattern, region):
                return self._has_concepts(pattern, region or tree.Region("document"))
            case tree.Measure("shared_sentences") if self.frame.whole_concepts:
                sides = self.frame.sides.values()
                return np.logical_and.reduce([side.concept >= 0 for side in sides])
            case _:
                return np.ones(len(self.frame), dtype=bool)

    def value(self, value: tree.Value, unit: tree.Unit | None) -> NDArray[np.float64]:
        """Return the number that a side of a comparison is in each row: float64[n]."""
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
            case tree.CountOf(pattern, region):
                region = region or tree.Region("document")
                return self._counts(self.matcher(region).find(pattern), region).astype(np.float64)
            case _:
                raise TypeError(f"the compiler refuses {type(value).__name__}")


def evaluator(
    scene: Scene,
    frame: Frame,
    fired: Mapping[str, Column],
    voted: Mapping[tuple[str, str], NDArray[np.int64]],
) -> Evaluator:
    """Return an evaluator for one task's candidates."""
    return Evaluator(
        scene, frame, fired, voted, Matcher(scene, frame), Matcher(scene, frame, whole_concept=True)
    )
