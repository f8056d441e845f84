"""A pipeline over a finished run of the tiny task."""

import shutil
from pathlib import Path

import pytest

from biolabel import Pipeline


@pytest.fixture(scope="session")
def pipeline(finished_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """Return a pipeline whose workspace has every stage already."""
    workspace = tmp_path_factory.mktemp("api") / "workspace"
    shutil.copytree(finished_run, workspace)
    return Pipeline(finished_run.parent / "tiny", workspace=workspace)
