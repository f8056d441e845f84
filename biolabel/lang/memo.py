"""Results by declaration that outlive an edit elsewhere."""

from collections.abc import Callable, Hashable, Iterable, Mapping
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
    _own: dict[str, Hashable] = field(default_factory=dict)
    _stamps: dict[str, int] = field(default_factory=dict)
    _last: int = 0

    def stamps(
        self, own: Mapping[str, Hashable], uses: Mapping[str, Iterable[str]]
    ) -> Mapping[str, int]:
        """Return a number for each name, another one if it or anything that it uses has changed.

        `own` is what a name stands for, compared with what it stood for when last asked; `uses` are
        the names that each name uses. Takes time linear in both.
        """
        users: dict[str, list[str]] = {}
        for name, used in uses.items():
            for other in used:
                users.setdefault(other, []).append(name)
        waiting = [name for name in {**own, **self._own} if own.get(name) != self._own.get(name)]
        changed = set(waiting)
        while waiting:
            for user in users.get(waiting.pop(), ()):
                if user not in changed:
                    changed.add(user)
                    waiting.append(user)
        self._last += 1
        self._own = dict(own)
        self._stamps = {name: self._last if name in changed else self._stamps[name] for name in own}
        return self._stamps

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
