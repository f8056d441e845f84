"""Consoles: where text goes, how wide it may be, and that no text of a file commands the terminal."""

import json
import re
from collections.abc import Iterator

import typer
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

_WIDE = 200
"""Columns of a table in a file or pipe, so that no name in it is cut; a terminal has its own."""
_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Signs that a terminal obeys instead of showing them: escapes, and those that turn the order of text."""
_NOT_SHOWN = "\ufffd"


class _Screen(Console):
    """A console on which the texts of files are shown, and not obeyed."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterator[Segment]:
        for segment in super().render(renderable, options):
            if segment.control or not _COMMANDS.search(segment.text):
                yield segment
            else:
                yield Segment(harmless(segment.text), segment.style)


def screen(*, errors: bool = False) -> Console:
    """Return the console of standard output, or of standard error, that shows text as it is.

    Signs that would command the terminal stand as U+FFFD.
    """
    console = _Screen(stderr=errors, highlight=False, markup=False)
    if not console.is_terminal:
        console.width = _WIDE
    return console


def harmless(text: str) -> str:
    """Return a text with U+FFFD for every sign that a terminal obeys; ends of lines and tabs stay."""
    return _COMMANDS.sub(_NOT_SHOWN, text)


def show_json(value: object) -> None:
    """Print plain values as JSON, in which signs that a terminal obeys are escaped."""
    print_json(json.dumps(value, indent=2, ensure_ascii=False))


def print_json(text: str) -> None:
    """Print a text of JSON likewise."""
    safe = _COMMANDS.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)
    typer.echo(safe)
