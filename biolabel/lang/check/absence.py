"""Absence as evidence: what a knowledge base lacks counts for nothing unless it says that it is complete."""

from collections.abc import Iterator, Mapping

from biolabel.errors import Diagnostic
from biolabel.lang import tree
from biolabel.lang.check.findings import World, found


def check_absence(declaration: tree.Decl, world: World) -> Iterator[Diagnostic]:
    """Yield BL218 for look-ups by whose failure a rule or condition holds, of bases not said to be complete.

    `unless:` may ask any base: that keeps a rule from voting and is no reason for its vote.
    """
    named = world.program.conditions
    for condition, wanted in _reasons(declaration):
        for node in _absent(condition, wanted, frozenset(), named):
            kb = world.program.kbs.get(node.kb.text)
            if kb is not None and not kb.complete:
                name = kb.name.text
                message = f"that `{name}` does not have a pair is no evidence: it may lack some"
                hint = f"add `complete: yes` to kb `{name}` if absence shall count"
                yield found("BL218", message, node, hint)


def _reasons(declaration: tree.Decl) -> Iterator[tuple[tree.Condition, bool]]:
    """Yield the conditions that decide a vote, and whether that is cast if they hold, or if they do not."""
    match declaration:
        case tree.ConditionDecl(condition=condition) if condition is not None:
            yield condition, True
        case tree.RuleDecl(when=when, cases=cases, otherwise=otherwise):
            for part in (when, *(case.when for case in cases)):
                if part is not None:
                    yield part, True
                    if otherwise is not None:
                        yield part, False


def _absent(
    condition: tree.Condition,
    wanted: bool,
    held: frozenset[str],
    named: Mapping[str, tree.ConditionDecl],
) -> Iterator[tree.InKb]:
    """Yield the look-ups that must fail if a condition is to hold, or not to hold.

    held: the bases that must have the pair beside; what they say of it is known. named: the
    conditions that a name may stand for; one that must hold is looked at where it is declared.
    """
    match condition:
        case tree.InKb(negated=negated, kb=kb):
            if negated == wanted and kb.text not in held:
                yield condition
        case tree.CondRef(name=name) if not wanted and name.text in named:
            inner = named[name.text].condition
            if inner is not None:
                others = {key: each for key, each in named.items() if key != name.text}
                yield from _absent(inner, wanted, held, others)
        case tree.Not(part):
            yield from _absent(part, not wanted, held, named)
        case tree.KOf(bound="at most", parts=parts):
            for part in parts:
                yield from _absent(part, not wanted, held, named)
        case tree.And(parts) | tree.Or(parts) | tree.KOf(parts=parts):
            if isinstance(condition, tree.And) and wanted:
                positive = (p for p in parts if isinstance(p, tree.InKb) and not p.negated)
                held |= {part.kb.text for part in positive}
            for part in parts:
                yield from _absent(part, wanted, held, named)
