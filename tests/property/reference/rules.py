"""What a rule with cases, `unless` and `else:` votes, and what a rule that asks it hears."""

from dataclasses import dataclass

from biolabel.lang import tree
from tests.property.reference.candidate import Truth
from tests.property.reference.conditions import Reference, negated
from tests.property.reference.page import Mention, Rows


@dataclass(frozen=True)
class RuleReference:
    """A rule of an exclusive task over one candidate."""

    candidate: Reference
    cases: tuple[tuple[str, tree.Condition], ...]
    unless: tree.Condition | None
    otherwise: str | None

    def case(self, number: int, pair: dict[str, Mention]) -> Truth:
        """Return whether a case holds for a pair of mentions; `unless` blocks the whole candidate."""
        found = [self.candidate.value(self.cases[number][1], pair)]
        if self.unless is not None:
            found.append(negated(self.candidate.holds(self.unless)))
        return False if False in found else None if None in found else True

    def lifted(self, number: int) -> Truth:
        """Return whether a case holds for any pair of mentions."""
        return some([self.case(number, pair) for pair in self.candidate.pairs])

    def vote(self) -> str | None:
        """Return the vote: of the first case that holds, of `else:` if all are known to be false."""
        found = [self.lifted(number) for number in range(len(self.cases))]
        if True in found:
            return self.cases[found.index(True)][0]
        return None if None in found else self.otherwise

    def evidence(self) -> Rows:
        """Return the stretch of text behind the vote: that of the first pair for which it is cast."""
        found = [self.lifted(number) for number in range(len(self.cases))]
        pairs = self.candidate.pairs
        if True in found:
            pairs = [pair for pair in pairs if self.case(found.index(True), pair)]
        rows = [mention.rows for mention in pairs[0].values()]
        return min(first for first, _ in rows), max(end for _, end in rows)

    def fires(self) -> Truth:
        """Return whether any case holds for any pair."""
        return some([self.fires_for(pair) for pair in self.candidate.pairs])

    def fires_for(self, pair: dict[str, Mention]) -> Truth:
        """Return whether any case holds for a pair."""
        return some([self.case(number, pair) for number in range(len(self.cases))])

    def votes(self, label: str) -> Truth:
        """Return whether the rule votes for the label, for any pair of mentions."""
        return some([self.votes_for(label, pair) for pair in self.candidate.pairs])

    def votes_for(self, label: str, pair: dict[str, Mention]) -> Truth:
        """Return whether the first case that holds for a pair, or `else:`, is the label."""
        found = [self.case(number, pair) for number in range(len(self.cases))]
        if True in found:
            return self.cases[found.index(True)][0] == label
        if self.otherwise is not None and self.fires() is False:
            return self.otherwise == label
        return None if None in found else False


def some(values: list[Truth]) -> Truth:
    """Return whether any value is true."""
    return True if True in values else None if None in values else False
