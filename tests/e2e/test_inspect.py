"""The tools that look into rules, over the demo, as a person runs them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
PROGRAM = "from biolabel.cli import main; main()"
DEMO = "tasks/demo"


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, arguments)],
        capture_output=True, text=True, check=False, cwd=CHECKOUT,
    )  # fmt: skip


def test_the_examples_of_the_demo_pass() -> None:
    done = run("test", DEMO, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert set(found["counts"]) == {"passed"}
    assert found["covered"] / found["rules"] > 0.7


def test_why_shows_the_part_that_fails() -> None:
    text = "{chemical: Heparin} did not cause {disease: bleeding}"
    done = run("why", DEMO, "it_causes", text)
    assert (done.returncode, done.stderr) == (0, "")
    golden = CHECKOUT / "tests" / "golden" / "tools" / "why.txt"
    assert done.stdout == golden.read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_corpus_of_the_demo(tmp_path: Path) -> None:
    place = (DEMO, "--workspace", tmp_path / "workspace")
    sampled = run("sample", *place, "it_causes", "--n", "3", "--on", "dev")
    assert (sampled.returncode, sampled.stderr) == (0, "")
    assert "examples to paste" in sampled.stdout
    document = sampled.stdout.split("\n  9")[1].split()[0]
    told = run("why", *place, "it_causes", "--doc", f"9{document}")
    assert told.stdout.startswith("rule it_causes: ")
    linted = run("lint", *place)
    assert linted.returncode == 1
    assert "BL506" in linted.stdout
    same = run(
        "diff", DEMO, DEMO, "--corpus", f"{DEMO}/dev.pubtator", "--workspace", tmp_path / "d"
    )
    assert (same.returncode, same.stdout) == (0, "no vote differs\n")
