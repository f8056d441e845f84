"""Consoles: where text goes, and how wide it may be."""

from rich.console import Console

_WIDE = 200
"""Columns of a table in a file or pipe, so that no name in it is cut; a terminal has its own."""


def screen(*, errors: bool = False) -> Console:
    """Return the console of standard output, or of standard error, that shows text as it is."""
    console = Console(stderr=errors, highlight=False, markup=False)
    if not console.is_terminal:
        console.width = _WIDE
    return console
