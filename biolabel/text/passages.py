"""Passages for readers whose formats give texts without offsets."""

from collections.abc import Iterable

from biolabel.data.documents import Passage


def placed(parts: Iterable[tuple[str, str, str]]) -> tuple[Passage, ...]:
    """Return passages one after the other with one blank between them; empty texts give none.

    parts: kind, text and heading of each.
    """
    passages: list[Passage] = []
    at = 0
    for kind, text, heading in parts:
        if text:
            passages.append(Passage(kind, at, text, heading))
            at += len(text) + 1
    return tuple(passages)
