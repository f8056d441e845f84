"""Where regions lie, and what numbers measure."""

from dataclasses import dataclass

from biolabel.lang import tree
from tests.property.reference.page import Mention, Rows
from tests.property.reference.patterns import Patterns


@dataclass(frozen=True)
class Regions(Patterns):
    """A candidate with its regions and numbers."""

    def inside(
        self, region: tree.Region, pattern: tree.Pattern, pair: dict[str, Mention]
    ) -> set[Rows]:
        """Return the matches of a pattern that lie in a region."""
        whole = region.kind in ("document", "title", "abstract") and self.whole_concepts
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

    def number(self, value: tree.Value, pair: dict[str, Mention], unit: str | None) -> float | None:
        """Return the number that a value stands for; None is unknown."""
        match value:
            case tree.Quantity(number):
                return number
            case tree.Distance():
                return self.distance(pair, unit or "words")
            case tree.Measure("sentences_apart"):
                a, b = (self.sentence(mention.rows[0]) for mention in pair.values())
                return float(abs(a - b))
            case tree.Measure("shared_sentences"):
                if not self.whole_concepts:
                    return float(self.together(pair))
                if any(mention.concept is None for mention in pair.values()):
                    return None
                sentences = (self.sentences_of(mention) for mention in pair.values())
                return len(set.intersection(*sentences))
            case tree.CountOf(pattern, region):
                region = region or tree.Region("document")
                if self.unknown(region, pattern, pair):
                    return None
                return len(self.inside(region, pattern, pair))
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

    def sentences_of(self, mention: Mention) -> set[int]:
        """Return the sentences with a mention of the same type and concept."""
        return {
            self.sentence(m.rows[0])
            for m in self.mentions
            if m.type == mention.type and mention.concept in m.concepts
        }

    def same(self, what: str, pair: dict[str, Mention]) -> bool | None:
        """Return whether both mentions share a property; None is unknown."""
        if what == "concept":
            a, b = (mention.concept for mention in pair.values())
            return None if a is None or b is None else a == b
        texts = [self.text(mention.rows) for mention in pair.values()]
        sections = [self.section(mention.rows[0]) for mention in pair.values()]
        return {"sentence": self.together(pair), "section": sections[0] == sections[1],
                "text": texts[0] == texts[1]}[what]  # fmt: skip
