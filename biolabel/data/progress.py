"""Progress as an argument: surfaces draw it, layers only report it."""

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

T = TypeVar("T")


class Progress(Protocol):
    """Wraps an iterable so that a surface can draw how far it is."""

    def __call__(self, items: Iterable[T], *, name: str, total: int | None = None) -> Iterator[T]:
        """Yield the items of `items` while showing `name` and, if known, `total`."""
        ...


def silent(items: Iterable[T], *, name: str, total: int | None = None) -> Iterator[T]:
    """Yield the items and draw nothing."""
    del name, total
    return iter(items)
