"""The tables of figures side by side: they show what the results files hold, and the pages agree."""

import importlib
import json
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("chosen")


@pytest.fixture
def results(tmp_path: Path) -> Path:
    rows = [
        {"name": "ours", "value": 0.5, "target": None, "unit": "F1 ± 0.010", "holds": None},
        {"name": "theirs", "value": 1234.0, "target": None, "unit": "s", "holds": None},
    ]
    content = {"machine": {}, "commit": "abc", "rows": rows}
    (tmp_path / "x.json").write_text(json.dumps(content), encoding="utf-8")
    return tmp_path


def test_pages_agree_with_the_results(
    chosen: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert chosen.main(["--check"]) == 0, capsys.readouterr().err


def test_a_table_shows_figures_in_their_form(chosen: ModuleType, results: Path) -> None:
    cells = (
        "a set",
        chosen.Cell("x", "ours", "F1", "{:.2f}"),
        chosen.Cell("x", "theirs", "s"),
        chosen.Cell("x", "nobody's", "s", maybe=True),
    )
    table = chosen.table(chosen.Chosen(("a", "b", "c", "d"), (cells,)), results)
    assert table == (
        "| a | b | c | d |\n|---|---|---|---|\n| a set | 0.50 | 1,234 | - |\n\n"
        "From `results/x.json` of abc.\n"
    )


def test_a_figure_that_must_be_there_and_is_not_is_an_error(
    chosen: ModuleType, results: Path
) -> None:
    with pytest.raises(KeyError):
        chosen.shown(chosen.Cell("x", "ours", "s"), results)


def test_every_table_is_on_a_page(chosen: ModuleType) -> None:
    pages = [page for pattern in chosen.PAGES for page in chosen.ROOT.glob(pattern)]
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    assert [name for name in chosen.TABLES if f"<!-- chosen:{name} -->" not in text] == []
