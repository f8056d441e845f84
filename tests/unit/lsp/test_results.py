"""What earlier runs found."""

import hashlib
from pathlib import Path

from biolabel.lsp.results import Results, latest_results


def found(workspace: Path) -> Results:
    results = latest_results(workspace)
    assert results is not None
    return results


def test_votes_hits_and_figures_of_a_rule(workspace: Path) -> None:
    results = found(workspace)
    assert results.task_of("harm") == "topic"
    assert results.task_of("none_such") is None
    assert results.votes_by_label("harm") == ({"bad": 1, "not bad": 1}, 3)
    assert results.votes_by_label("quiet") == ({}, 3)
    assert results.dev["harm"]["gold"]["precision"] == 0.75
    first = results.hits("harm", 1)[0]
    assert (first.document, first.labels) == ("0", ("bad",))
    assert first.text[first.start : first.end] == "caused harm"
    assert len(results.hits("harm", 5)) == 2
    assert results.hits("quiet", 5) == []


def test_words_and_terms_of_the_corpus(workspace: Path) -> None:
    results = found(workspace)
    assert results.words_from("caus", 5) == [("caused", 2), ("causes", 1)]
    assert results.words_from("", 1) == [("harm", 3)]
    assert results.terms_from("hep", 5) == [("heparin", "MESH:D006493", 1)]
    assert results.expansions("cause~") == [("cause~", [("caused", 2), ("causes", 1)])]
    assert results.frequency("side effect~") == 2
    assert results.frequency("no such words") == 0


def test_results_know_the_rules_that_they_are_of(workspace: Path) -> None:
    results = found(workspace)
    assert not results.are_of({"a": "x"})
    same = Results(
        results.folder, results.corpus_folder, hashlib.sha256(b"xy").hexdigest()[:16], {}
    )
    assert same.are_of({"b": "y", "a": "x"})


def test_no_workspace_or_a_damaged_one_gives_nothing(tmp_path: Path, workspace: Path) -> None:
    assert latest_results(tmp_path / "nowhere") is None
    for file in workspace.glob("stages/apply/a1/*.votes.arrow"):
        file.write_bytes(b"damaged")
    assert latest_results(workspace) is None


def test_a_damaged_note_is_no_stage(workspace: Path) -> None:
    (workspace / "stages" / "analyze" / "n1" / "stage.json").write_text("{", encoding="utf-8")
    (workspace / "stages" / "apply" / "a2" / "stage.json").write_text("[]", encoding="utf-8")
    assert found(workspace).dev == {}
