"""Checks of the linked program: all that can be known to be wrong without a corpus."""

from collections.abc import Callable, Iterator

from biolabel.errors import Diagnostic
from biolabel.lang.check.conditions import check_conditions
from biolabel.lang.check.declarations import check_declarations
from biolabel.lang.check.examples import check_examples
from biolabel.lang.check.graph import check_graph
from biolabel.lang.check.patterns import check_patterns
from biolabel.lang.check.rules import check_rules
from biolabel.lang.link import Linked

CHECKS: tuple[Callable[[Linked], Iterator[Diagnostic]], ...] = (
    check_declarations,
    check_rules,
    check_conditions,
    check_patterns,
    check_graph,
    check_examples,
)


def check(linked: Linked) -> Iterator[Diagnostic]:
    """Yield all findings of all checks."""
    for run in CHECKS:
        yield from run(linked)
