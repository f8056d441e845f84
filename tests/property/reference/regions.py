"""Where regions lie, and what numbers measure."""

import re
from dataclasses import dataclass

from biolabel.lang import tree
from tests.property.reference.page import Mention, Rows
from tests.property.reference.sections import Place, Sections


@dataclass(frozen=True)
class Regions(Sections):
    """A candidate with its regions and numbers."""

    def places(
        self, region: tree.Region, pattern: tree.Pattern, pair: dict[str, Mention]
    ) -> set[Place] | None:
        """Return the matches of a pattern that lie in a region; None if that is unknown."""
        if region.kind == "meta":
            items = self.items(region.name.text if region.name else "")
            if items is None:
                return None
            return {p for i, item in enumerate(items) for p in self.in_item(i, item, pattern)}
        stretches = self.stretches(region, pair)
        if stretches is None or self.unknown(region, pattern, pair):
            return None
        whole = region.kind in ("document", "title", "abstract", "section") and self.whole_concepts
        return {
            Place(m, self.text(m), m[0] == first, m[1] == end)
            for first, end in stretches
            for m in self.matches(pattern, pair, whole)
            if first <= m[0] and m[1] <= end
        }

    def stretches(self, region: tree.Region, pair: dict[str, Mention]) -> list[Rows] | None:
        """Return the rows of a region, which may be several stretches; None if that is unknown."""
        if region.kind in ("title", "abstract"):
            return self.section_rows(region.kind)
        if region.kind == "section" and region.name is not None:
            return self.section_rows(region.name.text)
        return [self.region(region, pair)]

    def region(self, region: tree.Region, pair: dict[str, Mention]) -> Rows:
        """Return the rows of a region, an empty range where there is none."""
        a, b = sorted(mention.rows for mention in pair.values())
        match region.kind:
            case "document":
                return self.document
            case "sentence":
                return self.sentence_rows(a[0]) if self.together(pair) else (0, 0)
            case "between":
                return (a[1], max(a[1], b[0])) if self.together(pair) else (0, 0)
        assert region.name is not None
        first, end = pair[region.name.text].rows
        # A mention may cross the end of a sentence.
        low, high = self.sentence_rows(first)[0], self.sentence_rows(end - 1)[1]
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
                places = self.places(region or tree.Region("document"), pattern, pair)
                return None if places is None else len(places)
            case tree.MetaValue(name):
                numbers = [
                    float(digits[1])
                    for item in self.items(name.text) or ()
                    if (digits := re.match(r" *(-?[0-9]+(\.[0-9]+)?)( |-|$)", item))
                ]
                return numbers[0] if numbers else None
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
