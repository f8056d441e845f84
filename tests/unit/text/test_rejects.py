from pathlib import Path

import pytest

from biolabel.errors import CorpusError
from biolabel.text.rejects import Rejects, write_rejects


def rejects() -> Rejects:
    found = Rejects()
    found.add(Path("x/a.pubtator"), 3, "7", "mention", "wrong\toffsets", "7\t1\t2\n" + "x" * 300)
    found.add(Path("x/a.pubtator"), 9, "8", "nothing", "there again", "")
    return found


def test_counts_leave_notes_out() -> None:
    assert rejects().counts() == {"mention": 1}


def test_the_table_has_one_line_a_reject(tmp_path: Path) -> None:
    write_rejects(tmp_path / "rejects.tsv", rejects())
    header, first, second = (tmp_path / "rejects.tsv").read_text().splitlines()
    assert header.split("\t") == ["file", "line", "doc", "lost", "reason", "text"]
    assert first.split("\t") == [
        "a.pubtator", "3", "7", "mention", "wrong offsets", "7 1 2 " + "x" * 194,
    ]  # fmt: skip
    assert second.split("\t") == ["a.pubtator", "9", "8", "nothing", "there again", ""]


def test_a_table_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CorpusError, match="cannot write") as caught:
        write_rejects(tmp_path / "file" / "rejects.tsv", rejects())
    assert caught.value.code == "BL604"


def test_where_nothing_is_left_the_first_place_of_each_reason_is_told() -> None:
    found = rejects()
    found.add(Path("x/a.pubtator"), 12, "9", "mention", "wrong\toffsets", "")
    error = found.no_documents()
    assert error.code == "BL605"
    assert error.hint == "a.pubtator, line 3: wrong\toffsets; a.pubtator, line 9: there again"
