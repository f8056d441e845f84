from dataclasses import asdict

from biolabel.workflow.scores import ScoreRow


def test_a_row_survives_being_written_down() -> None:
    row = ScoreRow("cid", "pairs", "given", "fused", 0.5, 0.25, 1 / 3, 0.1, 0.6)
    assert ScoreRow(**asdict(row)) == row
    assert row.accuracy is None
