"""From the parser's complaint to a diagnostic that a curator can act on (LANGUAGE.md 6, BL0xx)."""

import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from typing import cast

from lark import Token, UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from biolabel.lang.grammar import (
    declaration_words,
    description,
    field_words,
    fields_of,
    parser,
)
from biolabel.lang.nearest import listed, nearest
from biolabel.lang.pieces import field_around

# Double, angle and single quotation marks as word processors and keyboards give them.
_CURLY_QUOTES = frozenset("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2018\u2019\u201a\u201b")
_SINGLE_QUOTES = frozenset("'`\u00b4")
_WORD = re.compile(r"\w+(?=[ \t]*(:?))")
# The first word of an indented line, where no colon follows.
_LINE_START = re.compile(r"[ \t]+(\w+)(?=[ \t]+[^ \t:])")
_JOINING = ("and", "or")
# Signs of other languages, and what is written here.
_SIGNS = {
    "==": "=", "<>": "!=", "=<": "<=", "=>": ">=", "&&": "and", "||": "|", ";": "", "&": "and",
}  # fmt: skip
_CLOSING = {"(": ")", "[": "]"}
# A first line as it would look at the left margin; `section is title` in a condition is none.
_INDENTED_DECLARATION = re.compile(
    r"(?:(?:rule|condition)[ \t]+\w+[ \t]+for\b|defaults[ \t]+for\b|relation[ \t]+\w+[ \t]*\("
    r"|pattern[ \t]+\w+[ \t]*\(|import[ \t]+\"|pipeline[ \t]*$"
    r"|(?:list|ontology|kb|pattern|context|section|model|entity|document|constraint|project)"
    r"[ \t]+\w+[ \t]*$)",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Mistake:
    """One syntax error in a piece: offsets are code points from the start of the piece.

    `skip` is the part to leave out before parsing goes on; `resume` says that its end part, from
    the mistake on, is a declaration of its own. `fix` is a part with the text that may right it.
    """

    code: str
    message: str
    start: int
    end: int
    hint: str
    skip: tuple[int, int]
    resume: bool = False
    fix: tuple[int, int, str] | None = None


def first_word(piece: str) -> Mistake | None:
    """Return what is wrong with the way a piece starts, if anything is."""
    whole = (0, len(piece))
    start = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*").match(piece).end()  # type: ignore[union-attr]
    match = _WORD.match(piece, start)
    if match is None:
        return _odd_sign(piece, start, whole) or Mistake(
            "BL001", f"`{piece[start]}` does not start a declaration", start, start + 1,
            "indent it so that it belongs to the declaration above", whole,
        )  # fmt: skip
    word, end = match.group(), match.end()
    if start > 0:
        known = word in declaration_words()
        hint = "remove the blanks before it" if known else "declarations start at the left margin"
        return Mistake(
            "BL013", "this line is indented, but no declaration stands above it", start, end,
            hint, whole, fix=_unindented(piece, start) if known else None,
        )  # fmt: skip
    if match.group(1):
        return Mistake(
            "BL002", f"`{word}:` starts at the left margin, but only declarations may", start, end,
            "indent it so that it belongs to the declaration above", whole, fix=(0, 0, "  "),
        )  # fmt: skip
    if word not in declaration_words():
        near = nearest(word, declaration_words())
        known_words = listed(f"`{w}`" for w in sorted(declaration_words() - {"biolabel"}))
        hint = f"did you mean `{near}`?" if near else f"a declaration starts with {known_words}"
        return Mistake(
            "BL001", f"`{word}` does not start a declaration", start, end, hint, whole,
            fix=(start, end, near) if near else None,
        )  # fmt: skip
    if word != "pipeline" and not re.match(r"[ \t]+[^ \t\r\n#]", piece[end:]):
        return Mistake(
            "BL008", f"this line is not finished: `{word}` needs something after it", start, end,
            "", whole,
        )  # fmt: skip
    return None


def diagnose(piece: str, error: UnexpectedInput) -> Mistake:
    """Return what a parse error of a piece means."""
    tokens = _tokens(piece)
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        return _unfinished(piece, tokens, len(piece), _expected(error))
    at = cast(int, error.pos_in_stream)
    tokens = [token for token in tokens if (token.start_pos or 0) < at]
    word = _WORD.match(piece, at)
    if piece[at] == ":" and tokens and _first_on_line(piece, tokens[-1].start_pos or 0):
        # A field name where the line above still wants something was taken for a plain name.
        name, start = str(tokens[-1]), tokens[-1].start_pos or 0
        if name in fields_of(_declaration(piece)):
            return _unfinished(piece, tokens[:-1], start)
        return _indented(piece, start) or _field(piece, name, start)
    if isinstance(error, UnexpectedToken) and error.token.type.startswith("F_"):
        name = field_words()[error.token.type]
        if name not in fields_of(_declaration(piece)):
            return _indented(piece, at) or _field(piece, name, at)
        return _unfinished(piece, tokens, at, _expected(error))
    if word and _first_on_line(piece, at):
        if _INDENTED_DECLARATION.match(piece, at):
            return _at_the_margin(piece, at)
        if word.group(1) or word.group() in fields_of(_declaration(piece)):
            return _field(piece, word.group(), at)
    begun = _LINE_START.match(piece, piece.rfind("\n", 0, at) + 1)
    if begun and begun.end() < at and begun.group(1) in fields_of(_declaration(piece)):
        # `reach 6 words` was read on as a part of the field above.
        return _field(piece, begun.group(1), begun.start(1))
    skip = field_around(piece, at)
    if isinstance(error, UnexpectedCharacters):
        return _odd_sign(piece, at, skip) or _not_understood(piece, at, at + 1, error, tokens)
    token = error.token if isinstance(error, UnexpectedToken) else None
    return _not_understood(piece, at, (token and token.end_pos) or at + 1, error, tokens)


def _tokens(piece: str) -> list[Token]:
    tokens: list[Token] = []
    # The caller holds the error already; only the tokens up to it are wanted.
    with suppress(UnexpectedInput):
        tokens.extend(parser().parse_interactive(piece).iter_parse())
    return tokens


def _declaration(piece: str) -> str:
    """Return the word that a piece starts with, which `first_word` has found to be right."""
    return next(_WORD.finditer(piece)).group()


def _first_on_line(piece: str, at: int) -> bool:
    return at > 0 and piece[piece.rfind("\n", 0, at) + 1 : at].strip(" \t") == ""


def _article(word: str) -> str:
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"


def _field(piece: str, name: str, at: int) -> Mistake:
    declaration = _declaration(piece)
    accepted = fields_of(declaration)
    skip = field_around(piece, at)
    end = at + len(name)
    fix = None
    if name in accepted:
        message, hint = f"the field `{name}` needs a colon", f"write `{name}:`"
        fix = end, end, ":"
    elif name in field_words().values():
        message = f"{_article(declaration)} has no field `{name}:`"
        hint = f"its fields are {', '.join(accepted)}" if accepted else ""
    else:
        message = f"unknown field `{name}:` in {_article(declaration)}"
        other = nearest(name, accepted)
        hint = f"did you mean `{other}:`?" if other else f"its fields are {', '.join(accepted)}"
        fix = (at, end, other) if other else None
    return Mistake("BL007", message, at, end, hint, skip, fix=fix)


def _unindented(piece: str, at: int) -> tuple[int, int, str]:
    return piece.rfind("\n", 0, at) + 1, at, ""


def _unfinished(piece: str, tokens: list[Token], at: int, expected: str = "") -> Mistake:
    last = tokens[-1]
    start, end = last.start_pos or 0, last.end_pos or 0
    skip = field_around(piece, start)
    open_brackets: list[Token] = []
    for token in tokens:
        if (token.start_pos or 0) < skip[0]:
            continue
        if token in _CLOSING:
            open_brackets.append(token)
        elif token in _CLOSING.values() and open_brackets:
            open_brackets.pop()
    if open_brackets:
        bracket = open_brackets[-1]
        start = bracket.start_pos or 0
        where = "before the next line" if at < len(piece) else "at the end"
        hint = f"add {_CLOSING[bracket]} {where}"
        # After the last sign of the field, or of the line where another field begins.
        last_end = max(end, start + 1)
        return Mistake(
            "BL005", f"this {bracket} is never closed", start, start + 1, hint, skip,
            fix=(last_end, last_end, _CLOSING[bracket]),
        )  # fmt: skip
    message = f"this line is not finished: `{last}` needs something after it"
    return Mistake("BL008", message, start, end, expected, skip)


def _odd_sign(piece: str, at: int, skip: tuple[int, int]) -> Mistake | None:
    sign = piece[at]
    line_end = piece.find("\n", at)
    end = len(piece) if line_end < 0 else line_end
    if sign in _CURLY_QUOTES | _SINGLE_QUOTES:
        hint = 'write "text" in straight double quotes; a word processor may have changed them'
        kind = "single" if sign in _SINGLE_QUOTES else "curly"
        return Mistake(
            "BL003", f"{kind} quotation mark", at, at + 1, hint, skip, fix=_straight(piece, at, end)
        )
    if sign in '"/':
        what = ("text", '"') if sign == '"' else ("regular expression", "/")
        message = f"this {what[0]} never ends on its line"
        closed = at + len(piece[at:end].rstrip(" \t\r"))
        return Mistake(
            "BL004", message, at, end, f"add the closing {what[1]}", skip,
            fix=(closed, closed, what[1]) if closed > at + 1 else None,
        )  # fmt: skip
    if sign.isspace() or unicodedata.category(sign)[0] == "C":
        message = f"a sign that cannot be seen, U+{ord(sign):04X}"
        return Mistake(
            "BL003", message, at, at + 1, "delete it or type an ordinary blank", skip,
            fix=(at, at + 1, " " if sign.isspace() else ""),
        )  # fmt: skip
    return None


def _straight(piece: str, at: int, end: int) -> tuple[int, int, str] | None:
    """Return the straight form of a text in other quotation marks, if it ends on its line."""
    kind = _SINGLE_QUOTES if piece[at] in _SINGLE_QUOTES else _CURLY_QUOTES
    # A text may end with a straight mark, and curly ones may have been mixed up.
    close = next((i for i in range(at + 1, end) if piece[i] in kind or piece[i] == '"'), None)
    if close is None or not piece[at + 1 : close].strip():
        return None
    return at, close + 1, f'"{piece[at + 1 : close]}"'


def _not_understood(
    piece: str, at: int, end: int, error: UnexpectedInput, tokens: list[Token]
) -> Mistake:
    found = piece[at:end]
    last = tokens[-1] if tokens else None
    skip = field_around(piece, at)
    # A misspelled `and` looks like one more name in a pattern; the next condition then makes no sense.
    names = (t for t in reversed(tokens) if t.type == "NAME" and (t.start_pos or 0) > skip[0])
    slip = next((name for name in names if nearest(name, _JOINING)), None)
    accepted = _accepted(error)
    literals = [text.strip("`") for text in accepted if text.startswith("`")]
    near = nearest(found, [word for word in literals if word.isidentifier()])
    fix = None
    sign = next((s for s in (piece[at - 1 : at + 1], piece[at : at + 2], found) if s in _SIGNS), "")
    if sign:
        start = at - 1 if sign == piece[at - 1 : at + 1] else at
        fix = start, start + len(sign), _SIGNS[sign]
        hint = f"did you mean `{_SIGNS[sign]}`?" if _SIGNS[sign] else "leave it out"
    elif found in _CLOSING.values():
        message = f"this {found} closes nothing"
        return Mistake("BL005", message, at, end, "leave it out", skip, fix=(at, end, ""))
    elif found == "=" and "is" in literals:
        hint, fix = "did you mean `is`?", (at, end, "is")
    elif found == "," and last is not None and last.type in ("STRING", "REGEX", "ARG"):
        hint, fix = "alternatives inside a pattern are joined by |", (at, end, " |")
    elif found in (",", "or", "and") and _field_name(piece, skip[0]) in ("votes", "else"):
        hint = "write `one of (A, B)` for several labels"
    elif found in fields_of(_declaration(piece)):
        hint = f"write `{found}:` on a line of its own"
    elif near:
        hint, fix = f"did you mean `{near}`?", (at, end, near)
    elif last is not None and last in ("or", "and") and found[0] in '"/([.':
        sign = "write | for alternatives" if last == "or" else "write them one after another"
        hint = f"`{last}` joins conditions; inside a pattern {sign}"
        start = last.start_pos or 0
        fix = (start, last.end_pos or 0, "|") if last == "or" else (start, at, "")
    elif slip:
        joining = nearest(slip, _JOINING) or ""
        hint = f"did you mean `{joining}` instead of `{slip}`?"
        fix = slip.start_pos or 0, slip.end_pos or 0, joining
    elif 0 < len(accepted) <= 8:
        hint = f"expected {listed(accepted)}"
    else:
        hint = ""
    message = f"`{found}` is not understood here"
    return Mistake("BL006", message, at, end, hint, skip, fix=fix)


def _field_name(piece: str, start: int) -> str:
    word = _WORD.search(piece, start)
    return word.group() if word else ""


def _expected(error: UnexpectedInput) -> str:
    accepted = _accepted(error)
    return f"expected {listed(accepted)}" if 0 < len(accepted) <= 3 else ""


def _indented(piece: str, at: int) -> Mistake | None:
    """Return the first line of another declaration that was taken for a part of the field above."""
    start = field_around(piece, max(0, piece.rfind("\n", 0, at)))[0]
    for line in re.compile(r"(?m)^[ \t]+").finditer(piece, start, at):
        if _INDENTED_DECLARATION.match(piece, line.end()):
            return _at_the_margin(piece, line.end())
    return None


def _at_the_margin(piece: str, at: int) -> Mistake:
    word = _WORD.match(piece, at)
    end = word.end() if word else at + 1
    message = f"`{piece[at:end]}` starts a declaration, which belongs at the left margin"
    return Mistake(
        "BL013", message, at, end, "remove the blanks before it", (at, len(piece)), resume=True,
        fix=_unindented(piece, at),
    )  # fmt: skip


def _accepted(error: UnexpectedInput) -> list[str]:
    if isinstance(error, UnexpectedToken):
        names = error.accepts or set()
    elif isinstance(error, UnexpectedCharacters):
        names = error.allowed or set()
    else:
        names = set()
    shown = (name for name in names if not name.startswith(("F_", "D_")))
    return sorted(description(name) for name in shown if name not in ("WS", "COMMENT"))
