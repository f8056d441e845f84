"""How near a pattern came to matching: the longest beginning that is there, and what stopped it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from biolabel.apply.matches import Matches, take
from biolabel.apply.patterns import Matcher
from biolabel.compile.expand import expand_pattern
from biolabel.errors import SourceFile, Span
from biolabel.lang import tree
from biolabel.lang.program import Program

SHOWN = 3
"""How many texts a note quotes at most."""
_LONG = 60


@dataclass(frozen=True, slots=True)
class Miss:
    """Why a pattern does not match: notes for a person, a hint what to change, and how far it came.

    progress: the share of the pattern that is there, from 0 to 1, to compare alternatives.
    """

    notes: tuple[str, ...]
    hint: str = ""
    progress: float = 0.0


@dataclass(frozen=True, eq=False)
class Sight:
    """One candidate's view of a region: its half-open ranges of rows, and `row` of the frame.

    around: the rows of the whole document, or what else is outside of the region.
    """

    matcher: Matcher
    program: Program
    files: Mapping[str, SourceFile]
    row: int
    ranges: tuple[tuple[int, int], ...]
    around: tuple[int, int]

    def find(self, pattern: tree.Pattern) -> Matches:
        """Return the matches of a pattern for this candidate in its document."""
        found = self.matcher.find(expand_pattern(pattern, self.program))
        mine = (found.owner < 0) | (found.owner == self.row)
        low, high = self.around
        return take(found, mine & (found.first >= low) & (found.end <= high))

    def inside(self, pattern: tree.Pattern) -> Matches:
        """Return the matches inside the region."""
        found = self.find(pattern)
        held = np.zeros(len(found), dtype=bool)
        for first, end in self.ranges:
            held |= (found.first >= first) & (found.end <= end)
        return take(found, held)

    def text(self, first: int, end: int) -> str:
        """Return the text of rows in quotes, its middle left out where it is long."""
        corpus = self.matcher.scene.corpus
        if end <= first:
            return '""'
        whole = corpus.texts[int(corpus.row_doc[first])]
        whole = whole[corpus.row_start[first] : corpus.row_end[end - 1]]
        text = " ".join(whole.split())
        if len(text) > _LONG:
            text = f"{text[: _LONG // 2]} ... {text[-_LONG // 2 :]}"
        return f'"{text}"'

    def texts(self, found: Matches) -> str:
        """Return the distinct texts of matches, a few of them."""
        pairs = zip(found.first.tolist(), found.end.tolist(), strict=True)
        distinct = list(dict.fromkeys(self.text(first, end) for first, end in pairs))
        more = f" and {len(distinct) - SHOWN} more" if len(distinct) > SHOWN else ""
        return ", ".join(distinct[:SHOWN]) + more

    def source(self, *parts: tree.Node) -> str:
        """Return how neighboring nodes are written in their file, on one line."""
        return written(self.files, parts[0].span, parts[-1].span)


def written(files: Mapping[str, SourceFile], first: Span, last: Span | None = None) -> str:
    """Return what stands in a file from one span to the end of another, on one line."""
    last = last or first
    source = files.get(first.file)
    if source is None or last.file != first.file:
        return ""
    return " ".join(source.text[first.start : last.end].split())


def near_miss(sight: Sight, pattern: tree.Pattern) -> Miss:
    """Return why a pattern has no match inside the region."""
    match pattern:
        case tree.Alt(options):
            return _nearest(sight, options)
        case tree.Seq(items):
            return _sequence(sight, items)
        case tree.Keep(inner) | tree.Repeat(inner):
            return near_miss(sight, inner)
        case tree.Ref(name) if name.text in sight.program.patterns:
            body = sight.program.patterns[name.text].pattern
            if isinstance(body, tree.Seq | tree.Alt):
                miss = near_miss(sight, body)
                return replace(miss, notes=(f"`{name.text}`:", *miss.notes))
    return _absent(sight, pattern)


def _nearest(sight: Sight, options: Sequence[tree.Pattern]) -> Miss:
    misses = [near_miss(sight, option) for option in options]
    best = max(range(len(misses)), key=lambda at: misses[at].progress)
    if not misses[best].progress:
        elsewhere = next((miss for miss in misses if "but" in miss.notes[0]), None)
        return elsewhere or Miss((f"none of the {len(options)} alternatives is there",))
    which = f"nearest of {len(options)} alternatives: `{sight.source(options[best])}`"
    return replace(misses[best], notes=(which, *misses[best].notes))


def _absent(sight: Sight, pattern: tree.Pattern) -> Miss:
    """Return where else a pattern stands that is not in the region."""
    name = sight.source(pattern)
    elsewhere = sight.find(pattern)
    if len(elsewhere):
        return Miss((f"`{name}`: found {sight.texts(elsewhere)}, but not here",))
    if isinstance(pattern, tree.Exact):
        folded = sight.inside(tree.Phrase(pattern.text))
        if len(folded):
            note = f"`{name}`: found {sight.texts(folded)}, but in other capitals"
            return Miss((note,), 'without `exact`, a "text" matches in any case')
    return Miss((f"`{name}`: not found",))


def _sequence(sight: Sight, items: Sequence[tree.Pattern]) -> Miss:
    solid = [at for at, item in enumerate(items) if not isinstance(item, tree.Gap)]
    for number in range(len(solid), 0, -1):
        prefix = items[: solid[number - 1] + 1]
        found = sight.inside(prefix[0] if len(prefix) == 1 else tree.Seq(tuple(prefix)))
        if len(found):
            break
    else:
        return replace(_absent(sight, items[solid[0]]), notes=_stopped(sight, items[solid[0]]))
    progress = number / len(solid)
    there = f"`{sight.source(*prefix)}` -> {sight.texts(found)}"
    if number == len(solid):
        return Miss((there,), "", progress)
    stopper = items[solid[number]]
    gaps = [
        item for item in items[solid[number - 1] + 1 : solid[number]] if isinstance(item, tree.Gap)
    ]
    wanted = sight.inside(stopper)
    if not len(wanted):
        return Miss((there, *_stopped(sight, stopper)), "", progress)
    note, hint = _between(sight, found, wanted, gaps)
    return Miss((there, f"stops at `{sight.source(stopper)}`: {note}"), hint, progress)


def _stopped(sight: Sight, stopper: tree.Pattern) -> tuple[str, ...]:
    miss = near_miss(sight, stopper) if isinstance(stopper, tree.Seq) else _absent(sight, stopper)
    first, *rest = miss.notes
    return (f"stops at {first}", *rest)


def _between(
    sight: Sight, left: Matches, right: Matches, gaps: Sequence[tree.Gap]
) -> tuple[str, str]:
    """Return why a part that is there does not follow the beginning, and which gap would let it."""
    corpus = sight.matcher.scene.corpus
    words, sentence = corpus.words_before, corpus.row_sentence
    after = left.end[:, None] <= right.first[None, :]
    together = sentence[left.first][:, None] == sentence[right.first][None, :]
    one, two = np.nonzero(after & together)
    if not len(one):
        where = "before it" if not after.any() else "in another sentence"
        return f"found {sight.texts(right)}, but {where}", ""
    apart = words[right.first[two]] - words[left.end[one]]
    low, high = _allowed(gaps)
    off = np.where(apart < low, low - apart, apart - (high if high is not None else apart))
    best = int(np.argmin(off))
    number = int(apart[best])
    end, first = int(left.end[one[best]]), int(right.first[two[best]])
    text = sight.text(int(right.first[two[best]]), int(right.end[two[best]]))
    lie = f"{number} word{'' if number == 1 else 's'}"
    if number < low:
        return f"found {text}, {lie} behind, but the gap begins at {low}", (
            f"write ..{number}-{high}" if high is not None else ""
        )
    if high is not None and number > high:
        if gaps:
            return f"found {text}, but {lie} behind, and the gap holds {high}", (
                f"widen {sight.source(*gaps)} to ..{number}"
            )
        return f"found {text}, but {lie} behind: {sight.text(end, first)}", (
            f"put ..{number} between them"
        )
    return (
        f"found {text}, but {sight.text(end, first)} stands between",
        "a gap such as ..1 reaches over signs",
    )


def _allowed(gaps: Sequence[tree.Gap]) -> tuple[int, int | None]:
    low = sum(gap.low for gap in gaps)
    if any(gap.high is None for gap in gaps):
        return low, None
    return low, sum(gap.high or 0 for gap in gaps)
