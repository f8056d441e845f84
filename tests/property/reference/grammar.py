"""What tests of words and dependency paths mean, and what is unknown where an attribute is.

A pattern is asked twice: a word of which an attribute is unknown passes no test, or every test. What
comes out the same both ways is known.
"""

import re
from dataclasses import dataclass, fields
from functools import cached_property

from biolabel.lang import tree
from tests.property.reference.candidate import Truth
from tests.property.reference.conditions import Reference, negated
from tests.property.reference.page import Mention, Rows
from tests.property.reference.sections import Place

EDGES = 4
"""How many edges a quantifier without a limit follows."""


@dataclass(frozen=True)
class OneWay(Reference):
    """A candidate as it looks if every unknown attribute passes, or fails, every test."""

    generous: bool = False

    def ends(self, pattern: tree.Pattern, start: int, places: dict[str, list[Rows]]) -> set[int]:
        """Return where matches that begin at a row end."""
        if isinstance(pattern, tree.Token) and pattern.test is not None:
            if not self.document[0] <= start < self.document[1]:
                return set()
            passes = self.passes(pattern.test, start)
            return {start + 1} if passes or (passes is None and self.generous) else set()
        return super().ends(pattern, start, places)

    def passes(self, test: tree.TokenTest, row: int) -> Truth:
        """Return whether a row passes a test; no hard sign passes a negated one."""
        match test:
            case tree.TokenNot(inner):
                return negated(self.passes(inner, row)) if self.is_word(row) else False
            case tree.TokenAll(tests):
                found = [self.passes(part, row) for part in tests]
                return False if False in found else None if None in found else True
            case tree.TokenAny(tests):
                found = [self.passes(part, row) for part in tests]
                return True if True in found else None if None in found else False
            case tree.TokenFlag("is_upper"):
                return self.form(row).isupper()
            case tree.TokenFlag("is_sent_start"):
                return row == self.sentence_rows(row)[0]
            case tree.TokenIs(attribute, values):
                held = self.attributes(attribute, row)
                return None if held is None else any(equal(v, x) for v in values for x in held)
            case tree.TokenIn(attribute, name):
                held = self.attributes(attribute, row)
                words = (w for w in self.plan.lists[name.text].words if " " not in w)
                return None if held is None else any(listed(w, x) for w in words for x in held)
            case _:
                raise NotImplementedError(type(test).__name__)

    def attributes(self, attribute: str, row: int) -> list[str] | None:
        """Return the values of an attribute, of which only `ent` has several; None is unknown."""
        c = self.corpus
        if attribute == "ent":
            inside = [m.type for m in self.mentions if m.rows[0] <= row < m.rows[1]]
            return inside if len(c.mention_doc) else None
        if attribute in ("text", "lower"):
            return [self.form(row)]
        columns = {"lemma": (c.row_lemma, c.lemmas), "pos": (c.row_pos, c.poses),
                   "dep": (c.row_dep, c.deps)}  # fmt: skip
        ids, names = columns[attribute]
        return [names[ids[row]]] if ids[row] >= 0 else None

    def value(self, condition: tree.Condition, pair: dict[str, Mention]) -> Truth:
        """Return whether a condition holds for one pair of mentions."""
        match condition:
            case tree.PathLike(parts):
                if self.walked(parts, pair):
                    return True
                named = {part.name for part in parts if isinstance(part, tree.Arg)}
                apart = len(named) > 1 and self.apart(pair)
                return False if apart or self.parsed(pair) else None
            case _:
                return super().value(condition, pair)

    def places(
        self, region: tree.Region, pattern: tree.Pattern, pair: dict[str, Mention]
    ) -> set[Place] | None:
        """Return the matches in a region; on a path a match is the head of its rows."""
        if region.kind != "path":
            return super().places(region, pattern, pair)
        if not self.parsed(pair) and not self.apart(pair):
            return None
        inner = self.path(pair)[1:-1]
        heads = {self.head(match) for match in self.matches(pattern, pair, False)}
        return {
            Place((row, row + 1), self.text((row, row + 1)), row == inner[0], row == inner[-1])
            for row in inner
            if row in heads
        }

    def number(self, value: tree.Value, pair: dict[str, Mention], unit: str | None) -> float | None:
        """Return the number that a value stands for; None is unknown."""
        if isinstance(value, tree.Measure) and value.what == "path_length":
            path = self.path(pair)
            return len(path) - 1 if path and self.parsed(pair) else None
        return super().number(value, pair, unit)

    def above(self, row: int) -> int:
        """Return the row above in the tree, -1 for a root."""
        return int(self.corpus.row_head[row])

    def label(self, row: int) -> str | None:
        """Return the label of the edge above a row, None without a parse."""
        dep = self.corpus.row_dep[row]
        return self.corpus.deps[dep] if dep >= 0 else None

    def head(self, rows: Rows) -> int:
        """Return the last word whose head is not among the rows, or the last such sign."""
        found = [row for row in range(*rows) if self.above(row) not in range(*rows)]
        return ([row for row in found if self.is_word(row)] or found)[-1]

    def parsed(self, pair: dict[str, Mention]) -> bool:
        """Return whether both mentions stand in a tree."""
        return all(self.label(self.head(m.rows)) is not None for m in pair.values())

    def apart(self, pair: dict[str, Mention]) -> bool:
        """Return whether no sentence holds a row of both mentions."""
        one, other = ({self.sentence(row) for row in range(*m.rows)} for m in pair.values())
        return not one & other

    def path(self, pair: dict[str, Mention]) -> list[int]:
        """Return the rows from the head of one mention to that of the other, none without a path."""
        start, goal = (self.head(mention.rows) for mention in pair.values())
        ways = [[start]]
        for way in ways:
            if way[-1] == goal:
                return way
            near = [r for r in range(*self.document) if way[-1] in (self.above(r),)]
            near += [self.above(way[-1])] if self.above(way[-1]) >= 0 else []
            ways += [[*way, row] for row in near if row not in way]
        return []

    def walked(self, parts: tuple[tree.Node, ...], pair: dict[str, Mention]) -> bool:
        """Return whether some walk follows all parts."""
        sentences = {self.sentence(mention.rows[0]) for mention in pair.values()}
        rows = {row for row in range(*self.document) if self.sentence(row) in sentences}
        for number, part in enumerate(parts):
            if isinstance(part, tree.Edge):
                reached = {0: rows}
                high = max(EDGES, part.low) if part.high is None else part.high
                for n in range(1, high + 1):
                    reached[n] = {to for row in reached[n - 1] for to in self.moved(part, row)}
                rows = {row for n, found in reached.items() if n >= part.low for row in found}
            else:
                heads = {self.head(match) for match in self.matches(part, pair, False)}  # type: ignore[arg-type]
                first_argument = number == 0 and isinstance(part, tree.Arg)
                rows = heads if first_argument else rows & heads
        return bool(rows)

    def moved(self, edge: tree.Edge, row: int) -> set[int]:
        """Return the rows that one edge leads to."""
        sign, labels = edge.text[0], re.findall(r"\w+", edge.text)
        wanted = [r for r in range(*self.document) if not labels or self.label(r) in labels]
        if sign == "<":
            return {self.above(row)} - {-1} if row in wanted else set()
        return {child for child in wanted if self.above(child) == row}


@dataclass(frozen=True)
class Grammar(Reference):
    """A candidate with the truth of every condition, where attributes of words may be unknown."""

    @cached_property
    def ways(self) -> tuple[OneWay, OneWay]:
        """The candidate without and with all that is unknown."""
        own = {
            f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("held", "found")
        }
        return OneWay(**own), OneWay(**own, generous=True)

    def value(self, condition: tree.Condition, pair: dict[str, Mention]) -> Truth:
        """Return whether a condition holds for one pair of mentions."""
        match condition:
            case tree.Has() | tree.Borders() | tree.PathLike():
                one, other = (way.value(condition, pair) for way in self.ways)
                return one if one is other else None
            case _:
                return super().value(condition, pair)

    def number(self, value: tree.Value, pair: dict[str, Mention], unit: str | None) -> float | None:
        """Return the number that a value stands for; None is unknown."""
        one, other = (way.number(value, pair, unit) for way in self.ways)
        return one if one == other else None


def equal(value: str | tree.Regex, held: str) -> bool:
    """Return whether an attribute is a value, in any case; a regular expression is searched for."""
    if isinstance(value, tree.Regex):
        return re.search(value.pattern, held) is not None
    return value.lower() == held.lower()


def listed(word: str, held: str) -> bool:
    """Return whether an attribute is what an entry of a list says."""
    held = held.lower()
    return held.startswith(word[:-1]) if word.endswith("*") else held == word
