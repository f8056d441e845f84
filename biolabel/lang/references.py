"""Which names a declaration uses, and what kind of declaration each must be."""

from collections.abc import Iterator
from dataclasses import dataclass

from biolabel.lang import tree
from biolabel.lang.walk import nodes

Kinds = tuple[type[tree.Decl], ...]

TASKS: Kinds = (tree.EntityDecl, tree.RelationDecl, tree.DocumentDecl)
CONTEXTS = ("abbreviation", "plural", "most_mentioned", "first_mentioned", "only_one")
"""The contexts that need no declaration (LANGUAGE.md 2.5 and 8)."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A name, the kinds of declaration it may be, and what a message says is needed here.

    `optional` names may stand for something that is not declared: a type, a built-in, a section.
    """

    name: tree.Name
    kinds: Kinds
    needed: str
    optional: bool = False


def references(declaration: tree.Node | tuple[object, ...]) -> Iterator[Reference]:
    """Return every use of a declared name in a declaration or in parts of one, in their order."""
    params: frozenset[str] = frozenset()
    match declaration:
        case tree.ListDecl(include=include):
            yield from (Reference(name, (tree.ListDecl,), "list") for name in include)
        case tree.OntologyDecl(stop=stop):
            yield from (Reference(name, (tree.ListDecl,), "list") for name in stop)
        case tree.PatternDecl():
            params = frozenset(name.text for name in declaration.params)
        case (
            tree.ConditionDecl(task=task) | tree.RuleDecl(task=task) | tree.DefaultsDecl(task=task)
        ):
            yield Reference(task, TASKS, "task")
        case tree.RelationDecl(mentions=tree.Name() as mentions) if mentions.text != "given":
            yield Reference(mentions, (tree.EntityDecl,), "entity task")
    for node in nodes(declaration):
        yield from _used(node, params)


def _used(node: tree.Node, params: frozenset[str]) -> Iterator[Reference]:
    match node:
        case tree.Ref(name=name) if name.text not in params:
            kinds: Kinds = (tree.ListDecl, tree.PatternDecl, tree.OntologyDecl)
            yield Reference(name, kinds, "pattern")
        case tree.Macro(name=name):
            yield Reference(name, (tree.PatternDecl,), "pattern")
        case tree.TokenIn(name=name):
            yield Reference(name, (tree.ListDecl, tree.OntologyDecl), "list or ontology")
        case tree.CondRef(name=name):
            yield Reference(name, (tree.ConditionDecl,), "condition")
        case tree.Is(what=name) if name.text not in CONTEXTS:
            yield Reference(name, (tree.ContextDecl,), "context")
        case tree.Member(ontology=name):
            yield Reference(name, (tree.OntologyDecl,), "ontology")
        case tree.InKb(kb=name):
            yield Reference(name, (tree.KbDecl,), "knowledge base")
        case tree.ModelSays(model=name) | tree.FindModel(model=name):
            yield Reference(name, (tree.ModelDecl,), "model")
        case tree.Vote(kind="from model", names=(name,)):
            yield Reference(name, (tree.ModelDecl,), "model")
        case tree.Fires(rule=name) | tree.RuleVotes(rule=name):
            yield Reference(name, (tree.RuleDecl,), "rule")
        case tree.Voted(task=name) | tree.ConstraintTerm(task=name):
            yield Reference(name, TASKS, "task")
        case tree.Region(kind="section", name=tree.Name() as name):
            yield Reference(name, (tree.SectionDecl,), "section", optional=True)
        case tree.SectionIs(names=names):
            for name in names:
                yield Reference(name, (tree.SectionDecl,), "section", optional=True)
