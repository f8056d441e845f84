"""What a rule's votes depend on, as one hash: the key under which they can be kept."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from biolabel.lang import tree
from biolabel.lang.program import Program
from biolabel.lang.references import references
from biolabel.lang.steps import mark_of_step, step_of
from biolabel.lang.walk import nodes


@dataclass(frozen=True, slots=True)
class Mark:
    """What identifies a rule or the candidates of a task, and what these look up or ask.

    fingerprint: 16 hexadecimal digits; uses: the ontologies, knowledge bases and models by name,
    the Python functions by target and the tagger and parser (`mark_of_step`), also of the rules
    behind. The fingerprint says how these are declared and not what their files hold.
    """

    fingerprint: str
    uses: frozenset[str]


def fingerprint(
    rule: tree.RuleDecl | None, task: tree.Decl, program: Program, behind: Iterable[Mark]
) -> Mark:
    """Return a mark whose fingerprint changes when a rule could vote otherwise.

    The rule and its task count without metadata, examples, precision and groups, with all that they
    name; behind: the marks of the rules that it refers to. Without a rule the mark is that of the
    task's candidates. Names must be written out (`expand_program`, `expand_lists`).
    """
    own = rule and (rule.votes, rule.otherwise, rule.cases, rule.find, rule.when, rule.unless)
    task, behind = replace(task, meta=tree.Meta()), tuple(behind)
    named = _named((own, task), program)
    parts = (own, task, named, tuple(mark.fingerprint for mark in behind))
    uses = {
        declaration.name.text
        for declaration in named
        if isinstance(declaration, tree.OntologyDecl | tree.KbDecl | tree.ModelDecl)
    }
    below = list(nodes((own, task)))
    uses |= {node.target for node in below if isinstance(node, tree.Python)}
    steps = map(step_of, chain(below, nodes(tuple(named))))
    uses |= {mark_of_step(step) for step in steps if step is not None}
    return Mark(
        hashlib.sha256(repr(parts).encode()).hexdigest()[:16],
        frozenset(uses).union(*(mark.uses for mark in behind)),
    )


def _named(top: tree.Node | tuple[object, ...], program: Program) -> list[tree.Decl]:
    """Return the declarations that a tree names, and those that these name, sorted by name.

    A name that stands for something else there, such as a label or a type, names no declaration. A
    knowledge base that is expanded also means the hierarchies of its types.
    """
    tables: Mapping[type[tree.Decl], Mapping[str, tree.Decl]] = {
        tree.ListDecl: program.lists,
        tree.OntologyDecl: program.ontologies,
        tree.KbDecl: program.kbs,
        tree.ContextDecl: program.contexts,
        tree.SectionDecl: program.sections,
        tree.ModelDecl: program.models,
    }
    found: dict[str, tree.Decl] = {}
    waiting = [top]
    while waiting:
        node = waiting.pop()
        used = [
            tables[kind][reference.name.text]
            for reference in references(node)
            for kind in reference.kinds
            if kind in tables and reference.name.text in tables[kind]
        ]
        if isinstance(node, tree.KbDecl) and node.expand:
            types = {name.text for name in node.pairs or ()}
            used += [o for o in program.ontologies.values() if o.type and o.type.text in types]
        for each in used:
            name = each.name.text
            if name not in found:
                found[name] = replace(each, meta=tree.Meta())
                waiting.append(found[name])
    return [found[name] for name in sorted(found)]
