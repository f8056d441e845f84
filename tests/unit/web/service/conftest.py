"""The results of a tiny run, which no test changes, and a copy whose rules may be edited."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from biolabel.web.service.lab import Lab
from biolabel.workflow.results import Results, open_results


@pytest.fixture(scope="session")
def results(finished_run: Path) -> Results:
    return open_results(finished_run)


@pytest.fixture
def edited(finished_run: Path, tmp_path: Path) -> Results:
    """Return the results with a copy of the task, to save rules in."""
    folder = tmp_path / "tiny"
    shutil.copytree(finished_run.parent / "tiny", folder)
    return open_results(finished_run, folder)


@pytest.fixture(scope="session")
def lab(results: Results) -> Iterator[Lab]:
    found = Lab(results)
    yield found
    found.close()
