"""Where the public corpora and knowledge bases lie, and what happens when they do not."""

import os
from pathlib import Path

import pytest

from biolabel.resources import data_root as located_data

_MISSING = "the public corpora and knowledge bases are missing (set BIOLABEL_DATA)"


@pytest.fixture(scope="session")
def data_root() -> Path:
    """Return the folder of the public corpora and knowledge bases."""
    return located_data()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip tests marked `data` where there is none, and fail them under BIOLABEL_CI=1."""
    needs_data = item.get_closest_marker("data") or "data_root" in getattr(item, "fixturenames", ())
    if not needs_data or (located_data() / "kb").is_dir():
        return
    if os.environ.get("BIOLABEL_CI") == "1":
        pytest.fail(f"{_MISSING}, and BIOLABEL_CI=1 does not allow that", pytrace=False)
    pytest.skip(_MISSING)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the tests that were skipped for want of data, which pytest only counts."""
    skipped = [
        report.nodeid
        for report in terminalreporter.stats.get("skipped", [])
        if _MISSING in str(report.longrepr)
    ]
    if skipped:
        terminalreporter.section("not run: data missing")
        terminalreporter.write_line("\n".join(skipped))
