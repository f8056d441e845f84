"""What patterns and conditions mean, slowly and plainly: recursion over the tree for one candidate.

Nothing here is shared with the engine but the corpus, the syntax tree and the plan's declarations.
Left out: word tests, regular expressions, ontologies in patterns, votes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from biolabel.compile.plan import Plan
from biolabel.lang import tree
from tests.property.page import Mention, Page, Rows

Truth = bool | None


@dataclass(frozen=True)
class Reference(Page):
    """One candidate: two concepts of a document, and the pairs of mentions that stand for them."""

    plan: Plan
    concepts: dict[str, str]
    known: frozenset[tuple[str, str]] = frozenset()
    held: dict[tree.Condition, Truth] = field(default_factory=dict)
    found: dict[tuple[object, ...], set[Rows]] = field(default_factory=dict)

    def holds(self, condition: tree.Condition) -> Truth:
        """Return whether a condition holds for any pair of mentions; None is unknown."""
        if condition not in self.held:
            found = [self.value(condition, pair) for pair in self.pairs]
            self.held[condition] = True if True in found else None if None in found else False
        return self.held[condition]

    @cached_property
    def pairs(self) -> list[dict[str, Mention]]:
        """The pairs of mentions of both concepts, in order of place."""
        return list(self._pairs())

    def _pairs(self) -> Iterator[dict[str, Mention]]:
        for a in self.mentions:
            for b in self.mentions:
                types = (a.type, b.type) == ("A", "B")
                if types and self.concepts["a"] in a.concepts and self.concepts["b"] in b.concepts:
                    yield {"a": a, "b": b}

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
                matches = self.inside(region, pattern, pair)
                if both_ways:
                    matches = matches | self.inside(region, swapped(pattern), pair)
                if count is None:
                    return bool(matches)
                number = len({self.text(m) for m in matches} if count.different else matches)
                if count.bound == "at most":
                    more = tree.Count("at least", count.number + 1, count.different)
                    return negated(self.holds(tree.Has(region, pattern, more, False, both_ways)))
                least = count.bound == "at least"
                return number >= count.number if least else number == count.number
            case tree.Borders(region, side, pattern):
                first, end = self.region(region, pair)
                matches = self.inside(region, pattern, pair)
                return any(m[0] == first if side == "starts" else m[1] == end for m in matches)
            case tree.Adjacent():
                return self.together(pair) and not any(self.between(pair))
            case tree.Order(first, relation, second):
                a, b = pair[first.text].rows[0], pair[second.text].rows[0]
                return a < b if relation == "before" else a > b
            case tree.Same(what):
                return self.same(what.text, pair)
            case tree.SectionIs(names, no):
                kinds = {self.section(mention.rows[0]) for mention in pair.values()}
                inside = kinds <= {name.text for name in names}
                return negated(self.holds(tree.SectionIs(names))) if no else inside
            case tree.InKb(negated=no):
                return (tuple(self.concepts.values()) in self.known) is not no
            case tree.Closer(type_, argument, factor):
                limit = self.distance(pair, "words") / factor
                mine = pair[argument.text]
                return any(
                    other.type == type_.text
                    and not set(other.concepts) & set(self.concepts.values())
                    and other not in pair.values()
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
                return {"<": x < y, "<=": x <= y, "=": x == y, "!=": x != y, ">=": x >= y,
                        ">": x > y}[operator]  # fmt: skip
            case _:
                raise NotImplementedError(type(condition).__name__)

    # ---------------------------------------------------------------- patterns

    def matches(self, pattern: tree.Pattern, pair: dict[str, Mention], whole: bool) -> set[Rows]:
        """Return all matches in the document; in whole documents an argument is its concept."""
        places: dict[str, list[Rows]] = {name: [mention.rows] for name, mention in pair.items()}
        if whole:
            places = {
                name: [m.rows for m in self.mentions if concept in m.concepts]
                for name, concept in self.concepts.items()
            }
        key = (pattern, *map(tuple, places.values()))
        if key not in self.found:
            self.found[key] = {
                (start, end)
                for start in range(*self.document)
                for end in self.ends(pattern, start, places)
                if end > start
            }
        return self.found[key]

    def ends(self, pattern: tree.Pattern, start: int, places: dict[str, list[Rows]]) -> set[int]:
        """Return where matches that begin at a row end; the row may be the end of its sentence."""
        match pattern:
            case tree.Phrase(text) | tree.Exact(text):
                words = text.split()
                rows = range(start, start + len(words))
                if not all(self.alike(row, start) for row in rows):
                    return set()
                fold = isinstance(pattern, tree.Phrase)
                agree = [
                    means(word, self.form(row).lower() if fold else self.form(row))
                    for word, row in zip(words, rows, strict=True)
                ]
                return {rows.stop} if all(agree) else set()
            case tree.Token(None):
                return {start + 1} if self.is_word(start) else set()
            case tree.Arg(name):
                return {end for first, end in places[name] if first == start}
            case tree.Ref(name):
                if name.text in self.plan.lists:
                    entries = (tree.Phrase(word) for word in self.plan.lists[name.text].words)
                    return {end for entry in entries for end in self.ends(entry, start, places)}
                return {
                    m.rows[1] for m in self.mentions if (m.type, m.rows[0]) == (name.text, start)
                }
            case tree.Alt(options):
                return {end for option in options for end in self.ends(option, start, places)}
            case tree.Seq(items):
                reached = {start}
                for item in items:
                    reached = {end for at in reached for end in self.next(item, at, start, places)}
                return reached
            case tree.Repeat(inner, low, high):
                reached, found = {start}, {start} if low == 0 else set()
                for number in range(1, (8 if high is None else high) + 1):
                    reached = {end for at in reached for end in self.next(inner, at, start, places)}
                    if number >= low and reached <= found:
                        break  # nothing new, and so nothing new behind it
                    found |= reached if number >= low else set()
                return found
            case _:
                raise NotImplementedError(type(pattern).__name__)

    def next(
        self, item: tree.Pattern, at: int, start: int, places: dict[str, list[Rows]]
    ) -> set[int]:
        """Return where an item ends that follows at a row; a gap ends before anything may begin."""
        if not isinstance(item, tree.Gap):
            here = self.ends(item, at, places) if self.alike(at, start) else set()
            return here | ({at} if at in self.empty(item, at, places) else set())
        found = set()
        words = 0
        while True:
            if words >= item.low and (item.high is None or words <= item.high):
                found.add(at)
            if not self.alike(at, start):
                return found
            words += self.is_word(at)
            at += 1

    def empty(self, item: tree.Pattern, at: int, places: dict[str, list[Rows]]) -> set[int]:
        """Return the row itself if an item may stand there without any row."""
        match item:
            case tree.Repeat(inner, low):
                return {at} if low == 0 else self.empty(inner, at, places)
            case tree.Alt(parts):
                return {row for part in parts for row in self.empty(part, at, places)}
            case tree.Seq(parts):
                return {at} if all(self.empty(part, at, places) for part in parts) else set()
        return set()

    # ---------------------------------------------------------------- regions and numbers

    def inside(
        self, region: tree.Region, pattern: tree.Pattern, pair: dict[str, Mention]
    ) -> set[Rows]:
        """Return the matches of a pattern that lie in a region."""
        whole = region.kind in ("document", "title", "abstract")
        first, end = self.region(region, pair)
        return {m for m in self.matches(pattern, pair, whole) if first <= m[0] and m[1] <= end}

    def region(self, region: tree.Region, pair: dict[str, Mention]) -> Rows:
        """Return the rows of a region, an empty range where there is none."""
        a, b = sorted(mention.rows for mention in pair.values())
        match region.kind:
            case "document":
                return self.document
            case "title" | "abstract":
                rows = [row for row in range(*self.document) if self.section(row) == region.kind]
                return (rows[0], rows[-1] + 1) if rows else (0, 0)
            case "sentence":
                return self.sentence_rows(a[0]) if self.together(pair) else (0, 0)
            case "between":
                return (a[1], max(a[1], b[0])) if self.together(pair) else (0, 0)
        assert region.name is not None
        first, end = pair[region.name.text].rows
        low, high = self.sentence_rows(first)
        if region.window is not None:
            while self.words(low, first) > region.window.number or (
                low < first
                and not self.is_word(low)
                and self.words(low, first) == region.window.number
            ):
                low += 1
            while self.words(end, high) > region.window.number or (
                end < high
                and not self.is_word(high - 1)
                and self.words(end, high) == region.window.number
            ):
                high -= 1
        return {"argument": (first, end), "before": (low, first), "after": (end, high),
                "around": (low, high)}[region.kind]  # fmt: skip

    def number(self, value: tree.Value, pair: dict[str, Mention], unit: str | None) -> float:
        """Return the number that a value stands for."""
        match value:
            case tree.Quantity(number):
                return number
            case tree.Distance():
                return self.distance(pair, unit or "words")
            case tree.Measure("sentences_apart"):
                a, b = (self.sentence(mention.rows[0]) for mention in pair.values())
                return float(abs(a - b))
            case tree.Measure("shared_sentences"):
                return len({self.sentence(p["a"].rows[0]) for p in self.pairs if self.together(p)})
            case tree.CountOf(pattern, region):
                return len(self.inside(region or tree.Region("document"), pattern, pair))
            case _:
                raise NotImplementedError(type(value).__name__)

    def distance(self, pair: dict[str, Mention], unit: str) -> int:
        """Return the words or characters between two mentions."""
        a, b = sorted(mention.rows for mention in pair.values())
        if b[0] < a[1]:
            return 0
        if unit == "words":
            return self.words(a[1], b[0])
        return int(self.corpus.row_start[b[0]] - self.corpus.row_end[a[1] - 1])

    def same(self, what: str, pair: dict[str, Mention]) -> bool:
        """Return whether both mentions share a property."""
        texts = [self.text(mention.rows) for mention in pair.values()]
        sections = [self.section(mention.rows[0]) for mention in pair.values()]
        return {"sentence": self.together(pair), "section": sections[0] == sections[1],
                "text": texts[0] == texts[1]}[what]  # fmt: skip

    def in_scope(self, context: tree.ContextDecl, row: int) -> bool:
        """Return whether a row lies between a cue and what ends the cue's scope."""
        sides = (context.cues_before, True), (context.cues_after, False)
        stops = self.matches(context.stop_at, {}, False) if context.stop_at else set()
        false = self.matches(context.pseudo, {}, False) if context.pseudo else set()
        for cues, forward in sides:
            for cue in self.matches(cues, {}, False) if cues else ():
                if any(f[0] < cue[1] and cue[0] < f[1] for f in false):
                    continue
                if self.sentence(cue[0]) != self.sentence(row):
                    continue
                if (row < cue[1]) if forward else (row >= cue[0]):
                    continue
                if forward and any(cue[1] <= stop[0] <= row for stop in stops):
                    continue
                if not forward and any(row < stop[1] <= cue[0] for stop in stops):
                    continue
                passed = self.words(cue[1], row) + 1 if forward else self.words(row, cue[0])
                passed += not forward and not self.is_word(row)
                if context.reach is None or passed <= context.reach[0]:
                    return True
        return False


def means(word: str, form: str) -> bool:
    """Return whether a word of a phrase means a text."""
    if word.endswith("*"):
        return form.startswith(word[:-1])
    return form.endswith(word[1:]) if word.startswith("*") else form == word


def negated(value: Truth) -> Truth:
    """Return the negation; unknown stays unknown."""
    return None if value is None else not value


def positive(condition: tree.Has) -> tree.Has:
    """Return `has` for `has no`."""
    return tree.Has(condition.region, condition.pattern, None, False, condition.both_ways)


def swapped(pattern: tree.Pattern) -> tree.Pattern:
    """Return the pattern with its two arguments exchanged."""
    match pattern:
        case tree.Arg(name):
            return tree.Arg("b" if name == "a" else "a")
        case tree.Alt(parts):
            return tree.Alt(tuple(map(swapped, parts)))
        case tree.Seq(parts):
            return tree.Seq(tuple(map(swapped, parts)))
        case tree.Repeat(inner, low, high):
            return tree.Repeat(swapped(inner), low, high)
    return pattern
