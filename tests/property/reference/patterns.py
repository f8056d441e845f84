"""What patterns match."""

from dataclasses import dataclass

from biolabel.lang import tree
from tests.property.reference.candidate import Candidate
from tests.property.reference.page import Mention, Rows


@dataclass(frozen=True)
class Patterns(Candidate):
    """A candidate with the matches of patterns in its document."""

    def matches(self, pattern: tree.Pattern, pair: dict[str, Mention], whole: bool) -> set[Rows]:
        """Return all matches in the document; in whole documents an argument is its concept."""
        places: dict[str, list[Rows]] = {name: [mention.rows] for name, mention in pair.items()}
        if whole:
            places = {
                name: [m.rows for m in self.mentions if mention.concept in m.concepts]
                for name, mention in pair.items()
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
            case tree.Gap():
                return self.next(pattern, start, start, places)
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
            case tree.Gap(0):
                return {at}
            case tree.Seq(parts):
                return {at} if all(self.empty(part, at, places) for part in parts) else set()
        return set()


def means(word: str, form: str) -> bool:
    """Return whether a word of a phrase means a text."""
    if word.endswith("*"):
        return form.startswith(word[:-1])
    return form.endswith(word[1:]) if word.startswith("*") else form == word


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
