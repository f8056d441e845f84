"""What conditions mean, for a candidate and for one pair of its mentions; None is unknown."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from biolabel.lang import tree
from tests.property.reference.candidate import Truth
from tests.property.reference.contexts import Contexts
from tests.property.reference.models import LEAST, even, opinion
from tests.property.reference.page import Mention
from tests.property.reference.patterns import swapped

COMPARE: dict[tree.Operator, Callable[[float, float], bool]] = {
    "<": lambda x, y: x < y, "<=": lambda x, y: x <= y, "=": lambda x, y: x == y,
    "!=": lambda x, y: x != y, ">=": lambda x, y: x >= y, ">": lambda x, y: x > y,
}  # fmt: skip


@dataclass(frozen=True)
class Reference(Contexts):
    """A candidate with the truth of every condition."""

    def holds(self, condition: tree.Condition) -> Truth:
        """Return whether a condition holds for any pair of mentions; None is unknown."""
        if condition not in self.held:
            found = [self.value(condition, pair) for pair in self.pairs]
            self.held[condition] = True if True in found else None if None in found else False
        return self.held[condition]

    def value(self, condition: tree.Condition, pair: dict[str, Mention]) -> Truth:
        """Return whether a condition holds for one pair of mentions."""
        match condition:
            case tree.And(parts):
                found = [self.value(part, pair) for part in parts]
                return False if False in found else None if None in found else True
            case tree.Or(parts):
                found = [self.value(part, pair) for part in parts]
                return True if True in found else None if None in found else False
            case tree.Not(part):
                return negated(self.holds(part))
            case tree.KOf("at most", number, parts):
                return negated(self.holds(tree.KOf("at least", number + 1, parts)))
            case tree.KOf(bound, number, parts):
                found = [self.value(part, pair) for part in parts]
                counts = range(found.count(True), len(found) - found.count(False) + 1)
                answers = {n >= number if bound == "at least" else n == number for n in counts}
                return answers.pop() if len(answers) == 1 else None
            case tree.Has(negated=True):
                return negated(self.holds(positive(condition)))
            case tree.Has(region, pattern, count, _, both_ways):
                matches = self.places(region, pattern, pair)
                more_matches = self.places(region, swapped(pattern), pair) if both_ways else set()
                if matches is None or more_matches is None:
                    return None
                matches = matches | more_matches
                if count is None:
                    return bool(matches)
                number = len({m.text for m in matches} if count.different else matches)
                if count.bound == "at most":
                    more = tree.Count("at least", count.number + 1, count.different)
                    return negated(self.holds(tree.Has(region, pattern, more, False, both_ways)))
                least = count.bound == "at least"
                return number >= count.number if least else number == count.number
            case tree.Borders(region, side, pattern):
                matches = self.places(region, pattern, pair)
                if matches is None:
                    return None
                return any(m.starts if side == "starts" else m.ends for m in matches)
            case tree.Adjacent():
                one, two = sorted(mention.rows for mention in pair.values())
                return self.together(pair) and one[1] == two[0]  # overlapping is not adjacent
            case tree.Order(first, relation, second):
                a, b = pair[first.text].rows[0], pair[second.text].rows[0]
                return a < b if relation == "before" else a > b
            case tree.Same(what):
                return self.same(what.text, pair)
            case tree.SectionIs(names, no):
                if no:
                    return negated(self.holds(tree.SectionIs(names)))
                found = [self.stands_in(m.rows[0], [n.text for n in names]) for m in pair.values()]
                return False if False in found else None if None in found else True
            case tree.InKb(negated=no):
                if no:
                    return negated(self.holds(replace(condition, negated=False)))
                concepts = tuple(mention.concept for mention in pair.values())
                return None if None in concepts else concepts in self.known
            case tree.ModelSays(_, label, score):
                said = opinion(*self.starts(pair))
                if said is None:
                    return None
                enough = score is None or COMPARE[score.operator](said[1], score.number)
                return said[0] == label.text and said[1] >= LEAST and enough
            case tree.Python():
                return even(*self.starts(pair))
            case tree.Closer(type_, argument, factor):
                limit = self.distance(pair, "words") / factor
                mine = pair[argument.text]
                return any(
                    other.type == type_.text
                    and not any(self.alike_things(other, own) for own in pair.values())
                    and self.sentence(other.rows[0]) == self.sentence(mine.rows[0])
                    and self.distance({"x": mine, "y": other}, "words") < limit
                    for other in self.mentions
                )
            case tree.Is(argument, what, no):
                if no:
                    return negated(self.holds(tree.Is(argument, what)))
                rows = range(*pair[argument.text].rows)
                return any(self.in_scope(self.plan.contexts[what.text], row) for row in rows)
            case tree.Compare(left, operator, right):
                opposite = {">": "<=", ">=": "<", "!=": "="}.get(operator)
                if opposite and isinstance(left, tree.Distance | tree.Measure):
                    return negated(self.holds(tree.Compare(left, opposite, right)))  # type: ignore[arg-type]
                unit = right.unit if isinstance(right, tree.Quantity) else None
                x, y = self.number(left, pair, unit), self.number(right, pair, unit)
                if x is None or y is None:
                    return None
                return COMPARE[operator](x, y)
            case _:
                raise NotImplementedError(type(condition).__name__)

    def stands_in(self, row: int, names: list[str]) -> Truth:
        """Return whether a row stands in a section of one of the names."""
        known = [self.section_rows(name) for name in names]
        if any(first <= row < end for found in known for first, end in found or ()):
            return True
        return None if None in known else False

    def starts(self, pair: dict[str, Mention]) -> list[int]:
        """Return the code points where the mentions of a pair begin."""
        return [int(self.corpus.row_start[mention.rows[0]]) for mention in pair.values()]

    def alike_things(self, other: Mention, own: Mention) -> bool:
        """Return whether a mention is an argument's own, means its concept, or, without one, its text."""
        if other.concepts and own.concepts:
            return other.number == own.number or own.concept in other.concepts
        return self.text(other.rows) == self.text(own.rows)


def negated(value: Truth) -> Truth:
    """Return the negation; unknown stays unknown."""
    return None if value is None else not value


def positive(condition: tree.Has) -> tree.Has:
    """Return `has` for `has no`."""
    return tree.Has(condition.region, condition.pattern, None, False, condition.both_ways)
