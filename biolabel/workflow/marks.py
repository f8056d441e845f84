"""What identifies each thing that rules look up or ask: how it is declared, and what its files hold."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from biolabel.apply.declared import digest as digest
from biolabel.apply.declared import hierarchies_of, ontology_mark, pairs_mark
from biolabel.compile.plan import Plan
from biolabel.errors import RunError
from biolabel.lang import tree
from biolabel.workflow.models import model_inputs


def marks_of(plan: Plan, guard: str) -> dict[str, str]:
    """Return a mark for each ontology, knowledge base and model by name, and function by target.

    guard: what identifies the documents whose own evidence knowledge bases leave out.

    Raises:
        RunError: BL905 for a file that cannot be read.
    """
    try:
        found = {n: ontology_mark(o, plan.lists) for n, o in plan.ontologies.items()}
        for name, kb in plan.kbs.items():
            above = [found[each] for each in sorted(hierarchies_of(plan, kb))]
            found[name] = pairs_mark(kb, above, guard)
    except OSError as error:
        raise RunError("BL905", f"cannot read {error.filename}: {error.strerror}") from error
    content = model_inputs(plan)
    for name, model in plan.models.items():
        found[name] = digest(replace(model, meta=tree.Meta()), content[name])
    return found | {target: digest(content[target]) for target in plan.functions}


def chosen(marks: Mapping[str, str], names: Iterable[str]) -> list[tuple[str, str]]:
    """Return some names with their marks, in one order."""
    return [(name, marks[name]) for name in sorted(names)]
