"""Gaps that have no required part on each side, which joins from part to part cannot honor."""

from collections.abc import Iterator

from biolabel.lang import tree


def loose_gaps(pattern: tree.Pattern | None) -> Iterator[tree.Gap]:
    """Yield the gaps that the engine would lose.

    A gap of at least 0 words at the border of a whole pattern is none of them: with or without it,
    the pattern holds in the same places.
    """
    if pattern is not None:
        yield from _loose(pattern, whole=True)


def _loose(pattern: tree.Pattern, *, whole: bool) -> Iterator[tree.Gap]:
    match pattern:
        case tree.Gap(low=low) if not (whole and low == 0):
            yield pattern
        case tree.Alt(options):
            for option in options:
                yield from _loose(option, whole=whole)
        case tree.Keep(inner):
            yield from _loose(inner, whole=whole)
        case tree.Repeat(inner):
            yield from _loose(inner, whole=False)
        case tree.Seq(items):
            needed = [i for i, item in enumerate(items) if not can_be_empty(item)]
            for i, item in enumerate(items):
                framed = bool(needed) and needed[0] < i < needed[-1]
                if not isinstance(item, tree.Gap):
                    yield from _loose(item, whole=False)
                elif not framed:
                    yield from _loose(item, whole=whole)
        case _:
            pass


def can_be_empty(pattern: tree.Pattern) -> bool:
    """Return whether a part of a sequence may be left out; a gap is no part."""
    match pattern:
        case tree.Gap():
            return True
        case tree.Repeat(inner, low):
            return low == 0 or can_be_empty(inner)
        case tree.Keep(inner):
            return can_be_empty(inner)
        case tree.Alt(options):
            return any(can_be_empty(option) for option in options)
        case tree.Seq(items):
            return all(can_be_empty(item) for item in items)
        case _:
            return False
