"""Applying the fixes that findings carry."""

import re
from bisect import bisect_left
from collections.abc import Iterable

from biolabel.errors.base import Edit

_LINE_END = re.compile(r"\r\n|\r")


def fixed(text: str, edits: Iterable[Edit]) -> tuple[str, int]:
    """Return a text with edits made, and how many were.

    Spans count every line end as one sign (as `SourceFile.text` has them), while the text may have
    those of Windows, which stay; an edit that overlaps an earlier one is left for another time.
    """
    # How far a place in the file is behind the same place in a text with short line ends.
    ends = [match for match in _LINE_END.finditer(text) if match.group() == "\r\n"]
    short = [match.start() - i for i, match in enumerate(ends)]
    newline = "\r\n" if ends else "\n"
    parts: list[str] = []
    done = made = 0
    for edit in sorted(set(edits), key=lambda edit: (edit.span.start, edit.span.end, edit.text)):
        start, end = (at + bisect_left(short, at) for at in (edit.span.start, edit.span.end))
        if start < done or (made and start == done and start == end):
            continue
        parts += text[done:start], edit.text.replace("\n", newline)
        done, made = end, made + 1
    return "".join([*parts, text[done:]]), made
