"""Results by declaration that outlive an edit elsewhere."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TypeVar, cast

from biolabel.errors import Span

T = TypeVar("T")


@dataclass(slots=True)
class Memo:
    """What was found out about declarations, as long as all that it was found out from is the same.

    A declaration is known by its span, so spans must not be given out again to other texts: the
    language server's session sees to that (session.py), and whoever reads files once uses a new
    memo. Results of declarations that have gone are dropped with `forget`.
    """

    _results: dict[tuple[str, Span], tuple[Hashable, object]] = field(default_factory=dict)

    def get(self, what: str, where: Span, given: Hashable, make: Callable[[], T]) -> T:
        """Return the result of its kind for a declaration, made anew unless `given` is as before."""
        key = what, where
        known = self._results.get(key)
        if known is None or known[0] != given:
            known = self._results[key] = given, make()
        return cast(T, known[1])

    def forget(self, kept: Callable[[Span], bool]) -> None:
        """Drop the results of declarations whose span is not kept."""
        self._results = {key: found for key, found in self._results.items() if kept(key[1])}
