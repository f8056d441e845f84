"""What identifies each thing that rules look up or ask: how it is declared, and what its files hold."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from biolabel.apply.knowledge import hierarchies_of, source_of
from biolabel.compile.plan import Plan
from biolabel.errors import KnowledgeError
from biolabel.kb.catalog import entry
from biolabel.kb.sources import files
from biolabel.lang import tree
from biolabel.lang.walk import nodes
from biolabel.workflow.cache import file_hash
from biolabel.workflow.models import model_inputs


def digest(*parts: object) -> str:
    """Return 16 hexadecimal digits that say what values are, by what Python writes for them."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def marks_of(plan: Plan, guard: str) -> dict[str, str]:
    """Return a mark for each ontology, knowledge base and model by name, and function by target.

    guard: what identifies the documents whose own evidence knowledge bases leave out.

    Raises:
        RunError: BL905 for a file that cannot be read.
    """
    found: dict[str, str] = {}
    for name, ontology in plan.ontologies.items():
        named = {node.text for node in nodes(ontology) if isinstance(node, tree.Name)}
        lists = [_bare(plan.lists[each]) for each in sorted(named & plan.lists.keys())]
        found[name] = digest(_bare(ontology), lists, _content(ontology))
    for name, kb in plan.kbs.items():
        above = [found[each] for each in sorted(hierarchies_of(plan, kb))]
        found[name] = digest(_bare(kb), above, _content(kb), guard)
    content = model_inputs(plan)
    for name, model in plan.models.items():
        found[name] = digest(_bare(model), content[name])
    return found | {target: digest(content[target]) for target in plan.functions}


def chosen(marks: Mapping[str, str], names: Iterable[str]) -> list[tuple[str, str]]:
    """Return some names with their marks, in one order."""
    return [(name, marks[name]) for name in sorted(names)]


def _bare(declaration: tree.Decl) -> tree.Decl:
    return replace(declaration, meta=tree.Meta())


def _content(declaration: tree.OntologyDecl | tree.KbDecl) -> list[tuple[str, str]]:
    """Return what identifies the files of a declaration; of missing ones nothing, as nothing will run."""
    source = source_of(declaration)
    if source is None:
        return []
    try:
        entries = source.paths if source.format == "catalog" else ()
        found = [(name, digest(entry(name))) for name in entries]
        return [
            *found,
            *((str(path), file_hash(path)) for path in sorted(map(Path, files(source)))),
        ]
    except KnowledgeError as error:
        return [("", error.message)]
