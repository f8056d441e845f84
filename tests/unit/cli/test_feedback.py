from biolabel.cli.feedback import blame_table, decided_table
from biolabel.curation.blame import Blame
from biolabel.evaluation.metrics import Score
from biolabel.workflow.decided import DecidedScore


def cells(table: object) -> list[list[str]]:
    return [[str(cell) for cell in column.cells] for column in table.columns]  # type: ignore[attr-defined]


def test_rules_and_the_rejections_behind_which_they_are() -> None:
    table = blame_table(
        [Blame("cid", "near", 5, 1, 0, 2, 3, 8), Blame("cid", "calm", 0, 4, 2, 0, 0, 0)]
    )
    rows = list(zip(*cells(table), strict=True))
    assert rows == [
        ("cid", "near", "5", "62%", "2", "3", "1", "0"),
        ("cid", "calm", "0", "-", "0", "0", "4", "2"),
    ]


def test_scores_on_decided_pairs() -> None:
    table = decided_table([DecidedScore("cid", "fused", 1200, Score(3, 1, 1))])
    assert list(zip(*cells(table), strict=True)) == [
        ("cid", "fused", "1,200", "0.750", "0.750", "0.750")
    ]
