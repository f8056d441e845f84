from rich.console import Console

from biolabel.cli.auditing import audit_lines
from biolabel.evaluation.audit import Known, Overlap
from biolabel.evaluation.metrics import Score
from biolabel.workflow.knowledge.audit import Audit, OntologyAudit, RuleAudit, TableAudit


def text_of(found: Audit) -> str:
    console = Console(width=200, markup=False, highlight=False)
    with console.capture() as captured:
        for part in audit_lines(found):
            console.print(part)
    return captured.get()


def test_tables_rules_and_ontologies() -> None:
    guarded, open_ = Overlap(100, 20, 19, 30, 9, 10), Overlap(100, 20, 19, 40, 16, 18)
    table = TableAudit("ctd", "cid", "dev", guarded, open_, 1234, 56, True)
    blind = TableAudit("sider", "cid", "dev", guarded, guarded, 0, 0, False)
    rule = RuleAudit("r", ("ctd",), "cid", "dev", Score(1, 1, 1), Score(3, 1, 1))
    ontology = OntologyAudit("mesh", "Chemical", "dev", Known(200, 150, 40, 10))
    text = text_of(Audit((table, blind), (rule,), (ontology,), ()))
    for part in (
        "0.500", "0.300", "0.900", "0.400", "0.190", "1,234 of 56 documents",
        "names no documents", "0.750", "75.0%", "25.0%",
    ):  # fmt: skip
        assert part in text, part


def test_what_there_is_nothing_of_is_left_out() -> None:
    assert text_of(Audit((), (), (), ())) == ""
