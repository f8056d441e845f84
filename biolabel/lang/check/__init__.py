"""Checks of the linked program: all that can be known to be wrong without a corpus."""

from collections.abc import Callable, Iterator

from biolabel.errors import Diagnostic
from biolabel.lang import tree
from biolabel.lang.check.absence import check_absence
from biolabel.lang.check.conditions import check_conditions
from biolabel.lang.check.declarations import check_declaration, check_labels, check_types
from biolabel.lang.check.examples import check_examples
from biolabel.lang.check.findings import World, world_of
from biolabel.lang.check.graph import check_graph
from biolabel.lang.check.knowledge import check_knowledge
from biolabel.lang.check.patterns import check_patterns
from biolabel.lang.check.pipeline import check_pipeline
from biolabel.lang.check.rules import check_rule
from biolabel.lang.check.sections import check_sections
from biolabel.lang.check.sizes import check_sizes
from biolabel.lang.check.truth import check_truth
from biolabel.lang.link import Linked
from biolabel.lang.memo import Memo

CHECKS: tuple[Callable[[tree.Decl, World], Iterator[Diagnostic]], ...] = (
    check_types,
    check_rule,
    check_knowledge,
    check_absence,
    check_conditions,
    check_truth,
    check_patterns,
    check_examples,
    check_sections,
)
"""Checks of one linked declaration, which may look at what it refers to and at nothing else."""


def check(linked: Linked, memo: Memo | None = None) -> Iterator[Diagnostic]:
    """Yield all findings of all checks.

    Those about a declaration are taken from the memo while it, all that it refers to, the entity
    types, the pipeline and, for models, the labels of all tasks are as before.
    """
    memo = memo or Memo()
    world = world_of(linked)
    used = frozenset(name for names in linked.uses.values() for name in names)
    for unit in linked.units:
        for declaration in unit.named():
            yield from _of_written(declaration, used, linked, memo)
    declarations = linked.program.declarations()
    surroundings = (
        world.types, linked.lost, world.whole(), bool(world.views), linked.mains,
        tuple(sorted(linked.program.pipeline.items())),
    )  # fmt: skip
    own = {
        name: (declaration.span, linked.uses.get(name), declaration.name.span in linked.incomplete)
        for name, declaration in declarations.items()
    }
    stamps = memo.stamps(own, _all_uses(linked))
    labels = frozenset(label for view in world.views.values() for label in view.labels)
    for name, declaration in declarations.items():
        mapped = labels if isinstance(declaration, tree.ModelDecl) else None
        yield from _of_linked(declaration, (name, stamps[name], surroundings, mapped), world, memo)
    yield from check_pipeline(linked)
    yield from check_sizes(linked, memo)
    yield from check_labels(linked)
    yield from check_graph(linked)


def _of_written(
    declaration: tree.Decl, used: frozenset[str], linked: Linked, memo: Memo
) -> tuple[Diagnostic, ...]:
    complete = declaration.name.span not in linked.incomplete
    free = declaration.name.text not in used
    return memo.get(
        "written", declaration.span, (complete, free),
        lambda: tuple(check_declaration(declaration, complete=complete, free=free)),
    )  # fmt: skip


def _of_linked(
    declaration: tree.Decl, given: tuple[object, ...], world: World, memo: Memo
) -> tuple[Diagnostic, ...]:
    return memo.get(
        "check", declaration.span, given,
        lambda: tuple(found for run in CHECKS for found in run(declaration, world)),
    )  # fmt: skip


def _all_uses(linked: Linked) -> dict[str, frozenset[str]]:
    """Return what each declaration refers to; the only entity task need not be named."""
    mentions = {
        name: frozenset({relation.mentions.text})
        for name, relation in linked.program.relations.items()
        if relation.mentions is not None
    }
    return {name: used | mentions.get(name, frozenset()) for name, used in linked.uses.items()}
