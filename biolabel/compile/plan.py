"""The plan: labeling functions over fully expanded conditions, task by task.

Conditions and patterns in a plan are syntax-tree nodes without `CondRef`, `Macro` and references to patterns:
what remains refers only to lists, ontologies, entity types, knowledge bases and contexts. Nodes
compare without spans, so equal sub-expressions of all rules are one key of the engine's memo.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from biolabel.data.labels import Constraint, LabelingFunction, Task
from biolabel.errors import Diagnostic, Span
from biolabel.lang import tree
from biolabel.lang.walk import nodes

Ballot = int | str
"""What a rule votes: the mask of the labels left possible, 0 for `found type`, or a model's name."""


def fired_by(part: object) -> tuple[str, ...]:
    """Return the rules that a part of the tree asks with `fires` or `votes`."""
    found = (n.rule.text for n in nodes(part) if isinstance(n, tree.Fires | tree.RuleVotes))
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class CasePlan:
    """One vote of a rule: the ballot when its condition holds."""

    mask: Ballot
    when: tree.Condition


@dataclass(frozen=True, slots=True)
class FindPlan:
    """The spans that an entity rule looks for."""

    pattern: tree.Pattern
    via: tuple[tree.Via, ...]
    region: tree.Region | None


@dataclass(frozen=True, slots=True)
class RulePlan:
    """One labeling function.

    `mask` is the vote of a rule with `votes:`; `cases` are tried in order;
    `otherwise` is the vote of `else:` or None. `find` of a rule that only says `votes: from model`
    are the spans of that model.
    `fingerprint` changes when the rule could vote otherwise, and `uses` names the knowledge, models,
    functions, tagger and parser whose content its votes depend on too (`compile.fingerprint`).
    """

    lf: LabelingFunction
    task: str
    span: Span
    mask: Ballot
    cases: tuple[CasePlan, ...]
    otherwise: Ballot | None
    find: FindPlan | tree.FindModel | None
    when: tree.Condition | None
    unless: tuple[tree.Condition, ...]
    fires: tuple[str, ...]
    fingerprint: str
    uses: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TaskPlan:
    """A task with its labeling functions in an order in which references can be evaluated.

    sees: the entity tasks whose mentions its rules speak of. fingerprint and uses: as for a rule, of
    what chooses the candidates.
    """

    task: Task
    declaration: tree.EntityDecl | tree.RelationDecl | tree.DocumentDecl
    rules: tuple[RulePlan, ...]
    sees: frozenset[str] = frozenset()
    fingerprint: str = ""
    uses: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Plan:
    """All tasks in an order in which `voted` and `mentions:` can be evaluated, and what they look up.

    functions: the targets of `python` conditions, with the folder of their rule file, and a place
    where each is called.
    """

    tasks: tuple[TaskPlan, ...]
    constraints: tuple[Constraint, ...]
    lists: Mapping[str, tree.ListDecl]
    ontologies: Mapping[str, tree.OntologyDecl]
    kbs: Mapping[str, tree.KbDecl]
    contexts: Mapping[str, tree.ContextDecl]
    sections: Mapping[str, tree.SectionDecl]
    models: Mapping[str, tree.ModelDecl]
    functions: Mapping[str, Span]
    types: frozenset[str]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A plan, or None with the diagnostics that say what cannot run."""

    plan: Plan | None
    diagnostics: tuple[Diagnostic, ...]
