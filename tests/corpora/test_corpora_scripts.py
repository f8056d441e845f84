"""The scripts run by their paths, from any folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = [
    "bc5cdr", "chebi", "chemprot", "ctd", "ddi2013", "disease_ontology", "drugprot", "hallmarks",
    "hgnc", "hpo", "mesh", "ncbi_disease", "pubmed_baseline",
]  # fmt: skip


def ran(name: str, folder: Path, *flags: str, path: str = "") -> tuple[int, str]:
    script = str(ROOT / "corpora_scripts" / f"{name}.py")
    env = {**os.environ, "PYTHONPATH": path}
    done = subprocess.run(
        [sys.executable, *flags, script, "--list"],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_script_runs_from_any_folder(tmp_path: Path) -> None:
    status, said = ran("mesh", tmp_path, path=str(ROOT))
    assert status == 0, said
    assert "Medical Subject Headings" in said


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_says_that_biolabel_is_missing(tmp_path: Path, name: str) -> None:
    # Without its packages: an interpreter for which nothing was installed.
    status, said = ran(name, tmp_path, "-S")
    assert status == 1
    assert said.startswith(f"error: biolabel is not installed for {sys.executable}\n"), said
    assert "make setup" in said


def test_all_scripts_are_here() -> None:
    sources = {
        file.stem
        for file in (ROOT / "corpora_scripts").glob("*.py")
        if "\nSOURCE = Source(" in file.read_text(encoding="utf-8")
    }
    assert sources == set(SCRIPTS)
