import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import typer

from biolabel.cli.jobs import FAULTY, finish
from biolabel.cli.screen import screen
from biolabel.workflow.apply import apply, open_applied
from biolabel.workflow.bench import Bench
from biolabel.workflow.faults import NAME, faults_of

OpenBench = Callable[..., Bench]
RULES = """
rule picky for cid
  votes: causes
  when: python "own:picky"
rule picked for cid
  votes: none
  when: picky fires
rule close_or_picky for cid
  votes: causes
  when: same sentence or python "own:picky"
rule broken for cid
  votes: none
  when: python "own:broken"
"""
OWN = """
def picky(table):
    if any("Heparin" in text for text in table["text"].to_pylist()):
        raise ValueError("not heparin again")
    return [True] * len(table)


def broken(table):
    return None
"""


@pytest.fixture
def faulty(tiny_task: Path, tmp_path: Path, open_bench: OpenBench) -> Bench:
    """Return a bench whose rules ask a function that fails on heparin, and one that always does."""
    path = tiny_task / "rules" / "tiny.rules"
    path.write_text(path.read_text(encoding="utf-8") + RULES, encoding="utf-8")
    own = OWN.replace(
        "return [True] * len(table)", "import numpy; return numpy.ones(len(table), bool)"
    )
    (path.parent / "own.py").write_text(own, encoding="utf-8")
    bench = open_bench(tiny_task, tmp_path / "workspace", dev=False)
    return dataclasses.replace(bench, job=dataclasses.replace(bench.job, allow_python=True))


def rows(bench: Bench) -> list[list[str]]:
    text = (apply(bench, "corpus").folder / NAME).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()]


def test_a_fault_is_a_row_and_all_else_goes_on(faulty: Bench) -> None:
    head, *found = rows(faulty)
    assert head == ["rule", "task", "document", "arguments", "text", "code", "message"]
    picky = [row for row in found if row[0] == "picky"]
    assert {row[2] for row in picky} == {"t02"}
    assert all(row[5] == "BL852" and "not heparin again" in row[6] for row in picky)
    assert "MESH:D006493 | MESH:D004844" in {row[3] for row in picky}
    assert [row[2:4] for row in found if row[0] == "broken"] == [["", ""]]
    votes = open_applied(apply(faulty, "corpus")).votes["cid"]
    names = [lf.name for lf in votes.matrix.lfs]
    voted = votes.matrix.candidate[votes.matrix.lf == names.index("picky")]
    heparin = [i for i, name in enumerate(votes.subjects) if name == "MESH:D006493"]
    assert sorted(voted.tolist()) == sorted(set(range(votes.matrix.n_candidates)) - set(heparin))
    assert not (votes.matrix.lf == names.index("broken")).any()


def test_what_asks_a_faulty_rule_is_faulty_where_that_decides(faulty: Bench) -> None:
    found = rows(faulty)[1:]
    of = {
        name: {tuple(row[2:4]) for row in found if row[0] == name} for name in ("picky", "picked")
    }
    assert of["picked"] == of["picky"]
    either = {tuple(row[2:4]) for row in found if row[0] == "close_or_picky"}
    assert either < of["picky"]


def test_other_rules_vote_as_if_nothing_had_failed(
    faulty: Bench, tmp_path: Path, open_bench: OpenBench
) -> None:
    folder = faulty.job.task.folder
    failing = open_applied(apply(faulty, "corpus")).votes
    path = folder / "rules" / "tiny.rules"
    path.write_text(path.read_text(encoding="utf-8").replace(RULES, ""), encoding="utf-8")
    whole = open_applied(apply(open_bench(folder, tmp_path / "w2", dev=False), "corpus")).votes
    for name in ("mentions", "topic"):
        assert np.array_equal(failing[name].matrix.mask, whole[name].matrix.mask)
    kept = failing["cid"].matrix.lf < len(whole["cid"].matrix.lfs)
    assert np.array_equal(failing["cid"].matrix.candidate[kept], whole["cid"].matrix.candidate)


def test_the_command_line_counts_them_and_ends_with_4(
    faulty: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    note = apply(faulty, "corpus")
    with pytest.raises(typer.Exit) as caught:
        finish(faulty, screen())
    assert caught.value.exit_code == FAULTY == 4
    text = capsys.readouterr().out
    assert faults_of(note)["broken"] == 0
    assert f"picky on {faults_of(note)['picky']} candidates" in text
    assert "broken on all candidates" in text
    assert NAME in text


def test_a_faulty_rule_is_not_kept_and_asked_again_when_mended(faulty: Bench) -> None:
    apply(faulty, "corpus")
    columns = faulty.job.workspace / "columns"
    kept = {path.parent.name for path in columns.rglob("*.arrow")}
    assert "treats" in kept
    assert not {"picky", "picked", "broken"} & kept
    own = faulty.job.task.folder / "rules" / "own.py"
    text = own.read_text(encoding="utf-8").replace("Heparin", "nobody")
    own.write_text(text, encoding="utf-8")
    again = faulty.reread()
    assert {row[0] for row in rows(again)[1:]} == {"broken"}


def test_without_faults_there_is_no_table(bench: Bench) -> None:
    note = apply(bench, "corpus")
    assert not (note.folder / NAME).exists()
    assert not faults_of(note)
