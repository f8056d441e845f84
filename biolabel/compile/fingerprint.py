"""What a rule's votes depend on, as one hash: the key under which they can be kept."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from biolabel.lang import tree
from biolabel.lang.program import Program
from biolabel.lang.steps import mark_of_step, steps_in
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
    uses |= {node.target for node in nodes((own, task)) if isinstance(node, tree.Python)}
    uses |= {mark_of_step(step) for step in steps_in((own, task, tuple(named)))}
    return Mark(
        hashlib.sha256(repr(parts).encode()).hexdigest()[:16],
        frozenset(uses).union(*(mark.uses for mark in behind)),
    )


def _named(top: object, program: Program) -> list[tree.Decl]:
    """Return the declarations that a tree names, and those that these name, sorted by name.

    A knowledge base that is expanded also means the hierarchies of its types.
    """
    tables = (
        program.lists,
        program.ontologies,
        program.kbs,
        program.contexts,
        program.sections,
        program.models,
    )
    found: dict[str, tree.Decl] = {}
    waiting = [top]
    while waiting:
        node = waiting.pop()
        names = {each.text for each in nodes(node) if isinstance(each, tree.Name)}
        if isinstance(node, tree.KbDecl) and node.expand:
            types = {name.text for name in node.pairs or ()}
            names |= {n for n, o in program.ontologies.items() if o.type and o.type.text in types}
        for name in sorted(names - found.keys()):
            for used in (table[name] for table in tables if name in table):
                found[name] = replace(used, meta=tree.Meta())
                waiting.append(found[name])
    return [found[name] for name in sorted(found)]
