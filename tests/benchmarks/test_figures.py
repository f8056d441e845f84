"""The README's figures and the frame that writes them."""

import importlib
import json
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture(autouse=True)
def _scripts_importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))


@pytest.fixture
def frame(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = importlib.import_module("frame")
    monkeypatch.setattr(module, "RESULTS", tmp_path / "results")
    return module


@pytest.fixture
def readme() -> ModuleType:
    return importlib.import_module("readme")


@pytest.fixture
def run() -> ModuleType:
    return importlib.import_module("run")


def test_written_figures_reach_the_readme(
    frame: ModuleType, readme: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "README.md"
    page.write_text("a\n<!-- figures:x -->\nold\n<!-- /figures -->\nz\n", encoding="utf-8")
    frame.write("x", [frame.Row("speed", 2.5, 2.0, "times", True), frame.Row("rival", 0.25)])
    assert "speed" in capsys.readouterr().out
    results = tmp_path / "results"
    assert readme.main(["--check"], page, results) == 1
    assert readme.main([], page, results) == 0
    text = page.read_text(encoding="utf-8")
    assert text.startswith("a\n<!-- figures:x -->\n| figure |")
    assert "| speed | 2.5 | 2 | times | yes |\n| rival | 0.250 |  |  |  |" in text
    assert text.endswith("<!-- /figures -->\nz\n")
    assert readme.main(["--check"], page, results) == 0
    stored = json.loads((results / "x.json").read_text(encoding="utf-8"))
    assert set(stored) == {"machine", "commit", "rows"}
    assert set(stored["rows"][0]) == {"name", "value", "target", "unit", "holds"}


def test_figure_that_is_no_number_is_refused(frame: ModuleType) -> None:
    with pytest.raises(ValueError, match="`speed` is nan"):
        frame.write("x", [frame.Row("speed", float("nan"))])


@pytest.mark.parametrize(
    "text", ["<!-- figures:x -->\n", "<!-- /figures -->", "<!-- figures:x -->\n<!-- /figures -->"]
)
def test_broken_marker_or_missing_result_is_an_error(
    readme: ModuleType, tmp_path: Path, text: str
) -> None:
    page = tmp_path / "README.md"
    page.write_text(text, encoding="utf-8")
    assert readme.main(["--check"], page, tmp_path) == 1
    assert page.read_text(encoding="utf-8") == text


def test_no_readme_and_no_markers_are_fine(readme: ModuleType, tmp_path: Path) -> None:
    assert readme.main(["--check"], tmp_path / "README.md", tmp_path) == 0
    (tmp_path / "README.md").write_text("nothing here\n", encoding="utf-8")
    assert readme.main(["--check"], tmp_path / "README.md", tmp_path) == 0


def test_run_says_what_is_missing_and_what_fails(
    run: ModuleType, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "engine.py").write_text("print('ran')", encoding="utf-8")
    assert run.main(tmp_path) == 0
    out = capfd.readouterr().out
    assert "ran" in out
    assert "not written yet: language.py, knowledge.py, audit.py" in out
    (tmp_path / "scale.py").write_text("raise SystemExit(3)", encoding="utf-8")
    assert run.main(tmp_path) == 1
    assert "failed: scale.py" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, ""), (0.5312, "0.531"), (12345.6, "12,346"), (3.0, "3"), (2.71828, "2.72"), (0.0, "0")],
)
def test_number(frame: ModuleType, value: float | None, shown: str) -> None:
    assert frame.number(value) == shown
