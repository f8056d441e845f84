from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from biolabel.cli.convert import columns_of
from biolabel.errors import RunError

Command = Callable[..., Any]


def test_convert_says_what_it_did_and_what_is_lost(command: Command, tmp_path: Path) -> None:
    (tmp_path / "a.pubtator").write_text("1|t|Zinc harms\n1\t0\t4\tZinc\tX\tD1\n")
    done = command("convert", tmp_path / "a.pubtator", tmp_path / "b.conll", "-q")
    assert done.status == 0
    assert "PubTator to CoNLL: 1 documents, 1 mentions, 0 relations" in done.out
    assert "CoNLL does not hold: documents' exact white space (1)" in done.out
    assert "concepts of mentions (1)" in done.out


def test_rejected_input_has_a_status(command: Command, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("1|t|Zinc\nnonsense\n")
    out = tmp_path / "b.dat"
    done = command("convert", tmp_path / "a.txt", out, "--format", "pubtator", "--to", "bioc-xml")
    assert done.status == 3
    assert f"could not use 1 line(s); see {out}.rejects.tsv" in done.out
    assert "does not hold" not in done.out
    assert (tmp_path / "b.dat.rejects.tsv").read_text().count("\n") == 2


def test_errors_are_told(command: Command, tmp_path: Path) -> None:
    (tmp_path / "a.pubtator").write_text("1|t|Zinc\n")
    for out, more, code in (
        ("b.dat", [], "BL635"),
        ("b.conll", ["--column", "text=abstract"], "BL633"),
        ("b.conll", ["--column", "text"], "BL903"),
        ("b.conll", ["--format", "none"], "BL630"),
    ):
        done = command("convert", tmp_path / "a.pubtator", tmp_path / out, *more)
        assert done.status == 1
        assert f"error[{code}]" in done.err
        assert not (tmp_path / out).exists()


def test_columns_are_pairs() -> None:
    assert columns_of(["text=abstract", "id=a=b"]) == {"text": "abstract", "id": "a=b"}
    for word in ("text", "=x", "text="):
        with pytest.raises(RunError):
            columns_of([word])
