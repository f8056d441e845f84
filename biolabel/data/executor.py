"""Where work is done that can be done side by side: stages know no more of it than this."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from biolabel.data.workers import Crew

Result = TypeVar("Result")


class Executor(Protocol):
    """Calls a function on many items, here or elsewhere; what it returns never depends on where."""

    @property
    def spreads(self) -> bool:
        """Whether items go to other processes, so that all that is sent must be picklable."""
        ...

    def ordered(
        self,
        function: Callable[..., Result],
        items: Iterable[Any],
        start: Callable[[], Any] | None = None,
    ) -> Iterator[Result]:
        """Yield `function(item)` for each item, in the order of the items, as soon as it is there.

        start: called once in every process, before its first item; what it returns is handed to every
        call of `function(started, item)` there. Few items are taken before they can be worked on.

        Raises:
            RunError: BL929 for work that ends the process that does it; else whatever `function`,
                `start` and `items` raise, at the place of the item that raised it.
        """
        ...


@dataclass(frozen=True, slots=True)
class Processes:
    """So many processes of this machine; with one of them, all happens in this process.

    crew: the processes, which may stay for more than one pass over items.
    """

    workers: int = 1
    crew: Crew = field(default_factory=Crew, compare=False)

    @property
    def spreads(self) -> bool:
        """Whether there are other processes than this one."""
        return self.workers > 1

    def ordered(
        self,
        function: Callable[..., Result],
        items: Iterable[Any],
        start: Callable[[], Any] | None = None,
    ) -> Iterator[Result]:
        """Yield the results, as `biolabel.data.workers.Crew.ordered` does."""
        return self.crew.ordered(function, items, self.workers, start)


HERE = Processes()
"""This process alone."""
