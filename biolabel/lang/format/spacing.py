"""How the tokens of a field stand beside each other, and where its line may break."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from biolabel.lang.format.tokens import Word

_TESTS = frozenset({"F_MATCHES", "F_REJECTS", "F_TODO_MATCHES", "F_TODO_REJECTS"})
_CONDITIONS = frozenset({"F_WHEN", "F_UNLESS", "F_CASE"})
_CONSTRAINTS = frozenset({"F_IF", "F_THEN", "F_NEVER"})
_PATTERNS = _CONDITIONS | {
    "F_IS", "F_FIND", "F_CUES_BEFORE", "F_CUES_AFTER", "F_PSEUDO", "F_STOP_AT",
}  # fmt: skip
_RANKS = {",": 0, "or": 1, "and": 2, "|": 4, "&": 5}
_OPERATOR, _SEQUENCE = 3, 6
"""What a line is broken at first, the lowest rank; what stands in brackets comes later."""
_DEEPER = 4
"""Columns by which a line in brackets goes further in, and so does a pattern in a condition."""
_CALLS = frozenset({"keep", "pair", "distance", "count"})
_LITERAL = frozenset({"STRING", "BARE", "NAME", "REGEX"})
_STEPS = frozenset({"GAP", "EDGE"})
_UNITS = frozenset({"STRING", "NAME", "ARG", "REGEX"})


@dataclass(frozen=True, slots=True)
class Item:
    """A token with the blanks before it, and how a line may break before it.

    level: bracket depth and rank of the separator where a break is allowed, the lowest first;
    indent: the column of a line that starts here, relative to that of the field's value; every:
    break at all separators of this level or at none; forced: a line starts here in any case.
    """

    word: Word
    blanks: int
    level: tuple[int, int] | None
    indent: int
    every: bool
    forced: bool

    @property
    def width(self) -> int:
        """The columns it takes within a line."""
        return self.blanks + len(self.word.text)


@dataclass(slots=True)
class _Place:
    """Where in a field a token stands: the tokens before it, and what opened the brackets around it.

    An opening sign stands for itself, `value` for the bracket of `[lemma=(cause|induce)]`.
    """

    head: str
    condition: bool
    before: list[Word] = field(default_factory=list)
    brackets: list[str] = field(default_factory=list)

    def text(self, back: int) -> str:
        """Return the text of the token so many places back."""
        return self.before[-back].text if back <= len(self.before) else ""

    @property
    def inside(self) -> str:
        """What opened the innermost bracket."""
        return self.brackets[-1] if self.brackets else ""


def items_of(words: Sequence[Word], declaration: str) -> list[Item]:
    """Return the tokens of one field, or of a declaration's first line, ready to be laid out.

    declaration: the declaration's terminal, such as `D_RULE`.
    """
    head = words[0].kind
    condition = head in _CONDITIONS or (head, declaration) == ("F_IS", "D_CONDITION")
    place = _Place(head, condition)
    items = []
    for word in _leading(words):
        if word.text in (")", "]") and place.brackets:
            place.brackets.pop()
        items.append(_item(place, word))
        if word.text in ("(", "["):
            value = word.text == "(" and place.text(1) == "=" and "[" in place.brackets
            place.brackets.append("value" if value else word.text)
        place.before.append(word)
    return items


def _leading(words: Sequence[Word]) -> list[Word]:
    """Return the tokens with line breaks and comments moved before `|`, `and` and behind commas."""
    moved = list(words)
    for i in range(1, len(moved) - 1):
        last, word, following = moved[i - 1 : i + 2]
        if word.text == "," and word.kind not in _LITERAL:
            if not word.note:
                above, broken = word.above + following.above, word.broken or following.broken
                following = replace(following, above=above, broken=broken)
                word = replace(word, above=(), broken=False, note=last.note)
                last = replace(last, note="")
        elif word.text in _RANKS and word.kind not in _LITERAL:
            if word.note and not last.note and not word.above:
                last, word = replace(last, note=word.note), replace(word, note="")
            if not word.note:
                above, broken = word.above + following.above, word.broken or following.broken
                following = replace(following, above=(), broken=False)
                word = replace(word, above=above, broken=broken)
        moved[i - 1 : i + 2] = last, word, following
    return moved


def _item(place: _Place, word: Word) -> Item:
    if not place.before:
        return Item(word, 0, None, 0, every=False, forced=False)
    depth = len(place.brackets)
    level, every = None, False
    indent = _DEEPER * depth
    if word.kind not in _LITERAL and word.text in _RANKS and word.text != ",":
        level = (depth, _RANKS[word.text])
        every = word.text in ("and", "or")
        indent -= len(word.text) + (place.inside != "value")
    elif place.text(1) == ",":
        level = (depth, _RANKS[","]) if place.head != "F_FIND" or depth else None
    elif word.kind == "OP" and place.text(1) not in ("evidence", "score"):
        level = (depth, _OPERATOR)
    elif _goes_on(place, word):
        level = (depth, _SEQUENCE)
    if place.condition and level and level[1] >= _OPERATOR:
        indent += _DEEPER
    forced = bool(place.before[-1].note or word.above)
    forced |= place.head in _TESTS and not depth and _starts_example(place, word)
    return Item(word, _blanks(place, word), level, indent, every, forced)


def _goes_on(place: _Place, word: Word) -> bool:
    """Return whether a part of a pattern follows on another; a gap stays with what is behind it."""
    if place.head not in _PATTERNS:
        return False
    after = place.before[-1].kind in (*_UNITS, "REPEAT") or place.text(1) in (")", "]")
    starts = word.kind in _UNITS | _STEPS or word.text == "["
    return after and (starts or (word.text == "(" and not _is_call(place)))


def _starts_example(place: _Place, word: Word) -> bool:
    return word.kind == "STRING" and len(place.before) > 1


def _blanks(place: _Place, word: Word) -> int:
    last = place.text(1)
    if last in ("(", "[", "!") or word.text in (",", ")", "]", ":") or word.kind == "REPEAT":
        return 0
    if word.text == "(" and _is_call(place):
        return 0
    if place.inside == "value" and "|" in (word.text, last):
        return 0
    if "[" in place.brackets and "=" in (word.text, last):
        return 0
    return 1


def _is_call(place: _Place) -> bool:
    """Return whether an opening bracket belongs to the name before it."""
    if place.text(1) in _CALLS:
        return True
    if place.before[-1].kind != "NAME":
        return False
    head = place.head in _CONSTRAINTS or place.head in ("D_RELATION", "D_PATTERN")
    return head or place.text(2) == "use"
