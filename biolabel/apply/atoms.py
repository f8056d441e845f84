"""Single positive conditions to three-valued columns over the rows of a frame.

What joins conditions and what denies them is in `conditions`, which also decides over which rows.
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from biolabel.apply import measures, membership
from biolabel.apply.columns import COMPARE, Column, Numbers, known, where_known, within
from biolabel.apply.contexts import context_rows
from biolabel.apply.frames import Frame, Level
from biolabel.apply.metadata import meta_numbers
from biolabel.apply.paths import path_length, path_like
from biolabel.apply.patterns import Matcher
from biolabel.apply.scene import Scene
from biolabel.apply.sections import in_section
from biolabel.apply.texts import Texts
from biolabel.lang import tree

Bools = NDArray[np.bool_]
Voted = Mapping[tuple[str, str], NDArray[np.int64]]
_WHOLE = 2**31
_BOUNDS: Mapping[tree.Bound, Callable[[NDArray[np.int64], int], Bools]] = {
    "at least": operator.ge, "at most": operator.le, "exactly": operator.eq,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Atoms:
    """Single conditions over the rows of a frame; voted: see `conditions.Evaluator`."""

    scene: Scene
    frame: Frame
    voted: Voted
    texts: Texts
    values: dict[tuple[tree.Value, tree.Unit | None], Numbers] = field(default_factory=dict)
    looked_up: dict[membership.Asked, membership.Stated] = field(default_factory=dict)

    def column(self, condition: tree.Condition) -> Column:
        """Return where a condition that denies nothing holds and where that is known."""
        match condition:
            case tree.Has():
                return self._has(condition)
            case tree.Borders(region, side, pattern):
                return self.texts.find(region, pattern).touches(side)
            case tree.Adjacent():
                return known(measures.adjacent(self.scene.corpus, self.frame))
            case tree.Is():
                return self._is(condition)
            case tree.Member():
                return membership.member(self.scene, self.frame, condition)
            case tree.InKb():
                return membership.in_kb(self.scene, self.frame, condition, self.looked_up)
            case tree.Order(first, relation, second):
                a, b = self.frame.sides[first.text], self.frame.sides[second.text]
                return known(a.first < b.first if relation == "before" else a.first > b.first)
            case tree.Same(what):
                return measures.same(self.scene.corpus, self.frame, what.text)
            case tree.Closer():
                return measures.closer(self.scene, self.frame, condition)
            case tree.Compare():
                return self._compare(condition)
            case tree.SectionIs(names):
                return in_section(self.scene, self.frame, [name.text for name in names])
            case tree.PathLike():
                return path_like(self.scene.trees, self.frame, self.texts.near, condition)
            case tree.Voted(task, label, bound, number):
                counts = self.voted[task.text, label.text][self.frame.doc]
                return known(_BOUNDS[bound](counts, number))
            case _:
                raise TypeError(f"the compiler refuses {type(condition).__name__}")

    def _has(self, condition: tree.Has) -> Column:
        found = self.texts.find(condition.region, condition.pattern, both_ways=condition.both_ways)
        count = condition.count
        if count is None:
            return found.holds()
        least, most = found.counts(different=count.different)
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
            right & measures.reached(context_rows(self.texts.near, what, possible=way), side)
            for way in (False, True)
        )
        return where_known(held, held | ~possible)

    def _compare(self, condition: tree.Compare) -> Column:
        unit = condition.right.unit if isinstance(condition.right, tree.Quantity) else None
        left, right = self.value(condition.left, unit), self.value(condition.right, unit)
        answer = np.broadcast_to(COMPARE[condition.operator](left, right), len(self.frame))
        unknown = [np.isnan(side) for side in (left, right) if side.ndim and side.dtype.kind == "f"]
        return where_known(answer, ~np.logical_or.reduce(unknown)) if unknown else known(answer)

    def value(self, value: tree.Value, unit: tree.Unit | None) -> Numbers:
        """Return the number that a side of a comparison is in each row: int32[n] or float64[n].

        It is NaN where it is unknown, and a quantity is one number for all rows.
        """
        if (value, unit) not in self.values:
            self.values[value, unit] = self._value(value, unit)
        return self.values[value, unit]

    def _value(self, value: tree.Value, unit: tree.Unit | None) -> Numbers:
        match value:
            case tree.Quantity(number):
                whole = float(number).is_integer() and abs(number) < _WHOLE
                return np.array(number, dtype=np.int32 if whole else np.float64)
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


def atoms(scene: Scene, frame: Frame, voted: Voted) -> Atoms:
    """Return single conditions over a frame."""
    near, whole = Matcher(scene, frame), Matcher(scene, frame, whole_concept=True)
    return Atoms(scene, frame, voted, Texts(scene, frame, near, whole))


@dataclass(frozen=True, eq=False)
class Levels:
    """Single conditions over the levels of a frame, made once for each; voted: as for `Atoms`."""

    scene: Scene
    voted: Voted
    _made: dict[Level, Atoms] = field(default_factory=dict)

    def at(self, level: Level) -> Atoms:
        """Return the conditions over a level."""
        if level not in self._made:
            self._made[level] = atoms(self.scene, level.frame, self.voted)
        return self._made[level]
