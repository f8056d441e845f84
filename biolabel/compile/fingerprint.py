"""What a rule's votes depend on, as one hash: the key under which they can be kept."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from biolabel.lang import tree
from biolabel.lang.program import Program
from biolabel.lang.walk import nodes


def fingerprint(
    rule: tree.RuleDecl, task: tree.Decl, program: Program, behind: Iterable[str]
) -> str:
    """Return 16 hexadecimal digits that change when the rule could vote otherwise.

    The rule and its task count without metadata, examples, precision and groups, with all that they
    name; behind: the fingerprints of the rules that it refers to. Names must be written out
    (`expand_program`, `expand_lists`).
    """
    own = (rule.votes, rule.otherwise, rule.cases, rule.find, rule.when, rule.unless)
    task = replace(task, meta=tree.Meta())
    parts = (own, task, _named((own, task), program), tuple(behind))
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def _named(top: object, program: Program) -> list[tree.Decl]:
    """Return the declarations that a tree names, and those that these name, sorted by name."""
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
        names = {node.text for node in nodes(waiting.pop()) if isinstance(node, tree.Name)}
        for name in names - found.keys():
            for used in (table[name] for table in tables if name in table):
                found[name] = replace(used, meta=tree.Meta())
                waiting.append(found[name])
    return [found[name] for name in sorted(found)]
