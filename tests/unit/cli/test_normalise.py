from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Done

Command = Callable[..., Done]
TEXT = "1|t|A cold\n1|a|and gout\n1\t2\t6\tcold\tDisease\t-1\n1\t11\t15\tgout\tDisease\t-1\n\n"


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    (tmp_path / "terms.tsv").write_text("id\tname\nX:1\tcold\n")
    (tmp_path / "a.pubtator").write_text(TEXT)
    return tmp_path / "a.pubtator"


def test_mentions_get_concepts(command: Command, docs: Path, tmp_path: Path) -> None:
    out = tmp_path / "o.tsv"
    done = command("normalise", docs, "--ontology", docs.parent / "terms.tsv", "-o", out, "-q")
    assert done.status == 0
    assert "1 documents, 2 mentions, 1 with a likely concept (50.0%)" in done.out
    assert "no concept" in done.out
    assert out.read_text().count("\n") == 3


def test_errors_are_told(command: Command, docs: Path, tmp_path: Path) -> None:
    terms = docs.parent / "terms.tsv"
    for more, code in (
        ([], "BL742"),
        (["--ontology", terms, "--rules", "tasks/demo"], "BL742"),
        (["--ontology", f"Drug={terms}"], "BL741"),
        (["--ontology", "no_such_name"], "BL701"),
        (["--ontology", terms, "--format", "none"], "BL630"),
        (["--ontology", terms, "--fuzzy"], "BL742"),
    ):
        done = command("normalise", docs, *more, "-o", tmp_path / "o.tsv", "-q")
        assert done.status == 1
        assert f"error[{code}]" in done.err
        assert not (tmp_path / "o.tsv").exists()


def test_what_is_lost_has_a_status(command: Command, docs: Path, tmp_path: Path) -> None:
    docs.write_text(TEXT + "nonsense\n")
    out = tmp_path / "o.jsonl"
    done = command("normalise", docs, "--ontology", docs.parent / "terms.tsv", "-o", out, "-q")
    assert done.status == 3
    assert "o.jsonl.rejects.tsv" in done.out


def test_frequent_concepts_come_first_if_asked_for(
    command: Command, docs: Path, tmp_path: Path
) -> None:
    terms, out = docs.parent / "terms.tsv", tmp_path / "o.tsv"
    terms.write_text("id\tname\tsynonyms\nX:1\tcold\t\nX:2\tcold\tgout\n")
    # What the document itself speaks of would decide.
    docs.write_text(
        "1|t|A cold\n1|a|.\n1\t2\t6\tcold\tDisease\t-1\n\n"
        "2|t|Gout\n2|a|.\n2\t0\t4\tGout\tDisease\t-1\n\n"
    )
    for more, first in ((), "X:1"), (("--frequent",), "X:2"):
        done = command("normalise", docs, "--ontology", terms, *more, "-o", out, "-q")
        assert done.status == 0
        assert out.read_text().splitlines()[1].split("\t")[8] == first


def test_names_without_their_prefix_are_found_if_asked_for(
    command: Command, docs: Path, tmp_path: Path
) -> None:
    terms, out = docs.parent / "terms.tsv", tmp_path / "o.tsv"
    terms.write_text("id\tname\nX:1\t2-acetylaminofluorene\nX:2\tcold\n")
    docs.write_text("1|t|Acetylaminofluorene\n1|a|and a cold\n\n")
    for more, mentions in ((), ["cold"]), (("--fuzzy",), ["Acetylaminofluorene", "cold"]):
        done = command("normalise", docs, "--ontology", terms, "--find", *more, "-o", out, "-q")
        assert done.status == 0
        rows = [line.split("\t") for line in out.read_text().splitlines()[1:]]
        assert [row[4] for row in rows] == mentions
    assert [row[8] for row in rows] == ["X:1", "X:2"]
