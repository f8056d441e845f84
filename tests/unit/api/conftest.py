"""A pipeline over a finished run of the tiny task."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from biolabel import Pipeline
from biolabel.workflow.bench import Bench


@pytest.fixture(scope="session")
def pipeline(finished_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """Return a pipeline whose workspace has every stage already."""
    workspace = tmp_path_factory.mktemp("api") / "workspace"
    shutil.copytree(finished_run, workspace)
    made = Pipeline(finished_run.parent / "tiny", workspace=workspace)
    # Code that changes while the tests run changes no key.
    note = next(workspace.glob("**/stage.json")).read_text(encoding="utf-8")
    made._bench = Bench(replace(made._bench.job, code=json.loads(note)["inputs"]["code"]))
    return made
