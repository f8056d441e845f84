"""An audit of knowledge on the terminal: tables of pairs, rules that ask them, ontologies."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table

from biolabel.evaluation.audit import Overlap
from biolabel.workflow.knowledge.audit import Audit, OntologyAudit, RuleAudit, TableAudit


def audit_lines(found: Audit) -> Iterator[RenderableType]:
    """Yield an audit as tables; those without rows are left out."""
    if found.tables:
        yield _tables(found.tables)
    if found.rules:
        yield _rules(found.rules)
    if found.ontologies:
        yield _ontologies(found.ontologies)


def _tables(found: Sequence[TableAudit]) -> Table:
    table = _table("knowledge bases against gold", ("knowledge base", "task", "documents"))
    for name in (
        "gold pairs", "has", "recall", "precision", "base rate", "withheld",
        "recall without guard", "precision",
    ):  # fmt: skip
        table.add_column(name, justify="right")
    for each in found:
        withheld = "names no documents"
        if each.cites:
            withheld = f"{each.withheld:,} of {each.withheld_from:,} documents"
        base = each.open.right_candidates / max(each.open.candidates, 1)
        table.add_row(
            each.name, each.task, each.which, f"{each.open.gold:,}", f"{each.guarded.found:,}",
            *_shares(each.guarded), f"{base:.3f}", withheld, *_shares(each.open),
        )  # fmt: skip
    return table


def _rules(found: Sequence[RuleAudit]) -> Table:
    table = _table("rules that ask them, alone", ("rule", "asks", "task", "documents"))
    for name in ("precision", "recall", "F1", "label model's F1"):
        table.add_column(name, justify="right")
    for each in found:
        alone = each.alone
        numbers = (alone.precision, alone.recall, alone.f1, each.label_model.f1)
        shown = (f"{number:.3f}" for number in numbers)
        table.add_row(each.rule, ", ".join(each.kbs), each.task, each.which, *shown)
    return table


def _ontologies(found: Sequence[OntologyAudit]) -> Table:
    names = ("ontology", "type", "documents")
    table = _table("ontologies against the concepts of gold mentions", names)
    for name in ("gold mentions", "known", "concepts", "known"):
        table.add_column(name, justify="right")
    for each in found:
        had = each.known
        table.add_row(
            each.name, each.type, each.which, f"{had.mentions:,}", f"{had.known / had.mentions:.1%}",
            f"{had.concepts:,}", f"{had.had / had.concepts:.1%}",
        )  # fmt: skip
    return table


def _table(title: str, names: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for name in names:
        table.add_column(name, overflow="fold")
    return table


def _shares(found: Overlap) -> tuple[str, str]:
    return f"{found.recall:.3f}", f"{found.precision:.3f}"
