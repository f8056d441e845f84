"""Which parts of a pattern need no row at all."""

from biolabel.lang import tree


def can_be_empty(pattern: tree.Pattern) -> bool:
    """Return whether a pattern matches where nothing stands."""
    match pattern:
        case tree.Gap(low):
            return low == 0
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
