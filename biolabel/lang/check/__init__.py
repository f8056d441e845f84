"""Checks of the linked program: everything that can be known to be wrong without a corpus."""

from collections.abc import Iterator

from biolabel.errors import Diagnostic
from biolabel.lang.link import Linked


def check(linked: Linked) -> Iterator[Diagnostic]:
    """Return all findings."""
    yield from ()
