"""What a process that applies rules again and again keeps between two runs: what the last one used."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

Value = TypeVar("Value")


@dataclass(eq=False)
class Memory:
    """Values by what they were made of; those that a run does not ask for are forgotten after it."""

    used: dict[Hashable, Any] = field(default_factory=dict)
    before: dict[Hashable, Any] = field(default_factory=dict)

    def begin(self) -> None:
        """Start another run."""
        self.before, self.used = self.used, {}

    def __contains__(self, key: Hashable) -> bool:
        """Return whether this or the last run had a value."""
        return key in self.used or key in self.before

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return the value of a key, made now unless this or the last run had it."""
        if key not in self.used:
            self.used[key] = self.before[key] if key in self.before else make()
        value: Value = self.used[key]
        return value
