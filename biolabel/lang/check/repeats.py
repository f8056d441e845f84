"""Checks of regular expressions: can they run for ever?

`re`, which says what matches in the sentences that the fast engine has picked, tries every way to
match. Where a repeat stands in a repeat and nothing between marks where one round ends, the ways
double with each sign of the text.
"""

from collections.abc import Iterable
from re import _constants as sre
from re import _parser as parser
from typing import Any

_MANY = 16
"""Rounds from which a repeat counts as unbounded: 2 to this power is what a sentence may cost."""
_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT)


def can_run_away(pattern: str) -> bool:
    r"""Return whether a repeat in an expression repeats something that can be cut up in many ways.

    The expression compiles. True for (a+)+, (a*)*, (a|a)* and the like, whose last round may end
    anywhere; false where every round has a part of its own that no repeat takes, as in (\w+ )+.
    """
    return _any(parser.parse(pattern).data)


def _any(items: Iterable[tuple[Any, Any]]) -> bool:
    return any(_one(kind, value) for kind, value in items)


def _one(kind: Any, value: Any) -> bool:
    if kind in _REPEATS:
        _, high, body = value
        return (high >= _MANY and _loose(body.data)) or _any(body.data)
    return any(map(_any, _bodies(kind, value)))


def _loose(items: list[tuple[Any, Any]]) -> bool:
    """Return whether a round may end in several places: it has repeats and nothing that is fixed."""
    repeats = [value for kind, value in items if kind in _REPEATS]
    if len(repeats) == len(items) and items:
        # A round that may be empty is as bad: (a?){50}.
        return any(high >= _MANY for _, high, _ in repeats) or all(not low for low, _, _ in repeats)
    branches = [[str(option) for option in value[1]] for kind, value in items if kind is sre.BRANCH]
    if any(len(set(options)) < len(options) for options in branches):
        return True
    if len(items) != 1:
        return False
    return any(_loose(list(body)) for body in _bodies(*items[0]))


def _bodies(kind: Any, value: Any) -> list[list[tuple[Any, Any]]]:
    if kind is sre.SUBPATTERN:
        return [value[-1].data]
    if kind is sre.BRANCH:
        return [option.data for option in value[1]]
    if kind in (sre.ASSERT, sre.ASSERT_NOT):
        return [value[1].data]
    if kind is sre.ATOMIC_GROUP:
        return [value.data]
    if kind is sre.GROUPREF_EXISTS:
        return [part.data for part in value[1:] if part is not None]
    return []
