"""Mentions of several concepts that share words: "renal and hepatic failure"."""

import re

_BETWEEN = re.compile(r"\s*(?:,\s*(?:and/or|and|or)\s|\sand/or\s|\s(?:and|or)\s|,\s|/|\+)\s*", re.I)
MOST_PARTS = 5
"""A mention of more parts is a list that is hardly one mention."""


def parts_of(text: str) -> list[list[str]]:
    """Return, for each part of a text with "and", "or", commas or slashes, the texts it may stand for.

    What a part lacks is at the end of the last part ("renal and hepatic failure") or at the start of the
    first ("tumors of the breast and ovary"): each part is given with all such endings and beginnings, the
    longest first, and as it is. Nothing for a text of one part.
    """
    parts = [part.strip() for part in _BETWEEN.split(text)]
    if not 1 < len(parts) <= MOST_PARTS or not all(parts):
        return []
    head, tail = parts[0].split(), parts[-1].split()
    found: list[list[str]] = []
    for place, part in enumerate(parts):
        endings = [f"{part} {' '.join(tail[i:])}" for i in range(1, len(tail))]
        beginnings = [f"{' '.join(head[:i])} {part}" for i in range(len(head) - 1, 0, -1)]
        filled = [
            *(endings if place < len(parts) - 1 else ()),
            *(beginnings if place > 0 else ()),
        ]
        found.append([*filled, part])
    return found
