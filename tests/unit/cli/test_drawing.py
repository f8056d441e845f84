import io
import re
from pathlib import Path

from rich.console import Console

from biolabel.cli.drawing import Bars, breakdown_tables, score_table, stage_table
from biolabel.workflow.breakdown import Part
from biolabel.workflow.cache import StageNote
from biolabel.workflow.scores import ScoreRow


def shown(table: object) -> list[list[str]]:
    """Return the cells of a table, line by line."""
    console = Console(width=200, file=io.StringIO(), color_system=None)
    with console.capture() as capture:
        console.print(table)
    lines = [line for line in capture.get().splitlines() if line.startswith("│")]
    return [[cell.strip() for cell in line.strip("│").split("│")] for line in lines]


def test_bars_draw_nothing_in_a_pipe() -> None:
    file = io.StringIO()
    bars = Bars(Console(file=file))
    assert list(bars(range(3), name="ingest", total=3)) == [0, 1, 2]
    assert file.getvalue() == ""


def test_bars_show_how_far_they_are_on_a_terminal() -> None:
    file = io.StringIO()
    bars = Bars(Console(file=file, force_terminal=True, width=100))
    assert list(bars(iter("ab"), name="ingest", total=2)) == ["a", "b"]
    assert "ingest" in file.getvalue()
    assert "2/2" in file.getvalue()


def test_bars_show_how_fast_they_are() -> None:
    file = io.StringIO()
    bars = Bars(Console(file=file, force_terminal=True, width=100))
    assert len(list(bars(range(5000), name="ingest"))) == 5000
    assert re.search(r" [\d,]+,\d\d\d/s", file.getvalue())


def test_stages_say_whether_they_were_reused() -> None:
    notes = [
        StageNote("fit", "k1", Path("w/fit/k1"), {}, reused=True, seconds=0.04),
        StageNote("train", "k2", Path("w/train/k2"), {}, reused=False, seconds=12.34),
    ]
    assert shown(stage_table(notes, Path("w"))) == [
        ["fit", "re-used, nothing it reads has changed", "0.0", "fit/k1"],
        ["train", "made", "12.3", "train/k2"],
    ]


PAIRS = ScoreRow("cid", "pairs", "given", "fused", 0.5, 0.25, 1 / 3, 0.1, 0.6)
TYPE = ScoreRow("names", "mentions Drug", "own", "fused", 1.0, 1.0, 1.0)
TOPIC = ScoreRow("topic", "documents", "own", "fused", None, None, 0.75, accuracy=0.8)


def test_scores_show_what_counts() -> None:
    assert shown(score_table([PAIRS, TYPE, TOPIC])) == [
        ["cid", "pairs", "given", "fused", "0.500", "0.250", "0.333", "0.100 to 0.600", ""],
        ["topic", "documents", "own", "fused", "", "", "0.750", "", "0.800"],
    ]


def test_all_scores_are_shown_if_asked() -> None:
    assert [line[1] for line in shown(score_table([PAIRS, TYPE, TOPIC], whole=True))] == [
        "pairs", "mentions Drug", "documents",
    ]  # fmt: skip


def test_no_scores_make_an_empty_table() -> None:
    assert shown(score_table([])) == []


def test_scores_by_group_stand_side_by_side() -> None:
    parts = [
        Part("cid", "given", "fused", "rules", "a rule votes", 3, 1, 1),
        Part("cid", "given", "majority", "rules", "no rule votes", 0, 0, 2),
        Part("cid", "given", "fused", "rules", "no rule votes", 1, 0, 1),
        Part("cid", "own", "fused", "rules", "no rule votes", 0, 0, 2),
    ]
    given, own = breakdown_tables(parts)
    assert shown(given) == [
        ["rules", "a rule votes", "4", "0.750", ""],
        ["rules", "no rule votes", "2", "0.667", "0.000"],
    ]
    assert len(shown(own)) == 1
