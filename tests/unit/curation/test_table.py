from collections.abc import Callable
from pathlib import Path

import pytest

from biolabel.curation import Assertion, Evidence, Statement, read_assertions, write_assertions
from biolabel.curation.table import COLUMNS
from biolabel.errors import CorpusError

HARD = "Tab\there, line\nthere,\r back\\slash, \\t kept, line\u2028separator <b>"
ASSERTIONS = (
    Assertion(
        "MESH:D1",
        "causes",
        "MESH:D2",
        "lith\tium",
        "tremor",
        0.98,
        0.9,
        2,
        "known",
        (
            Evidence(
                "1", "title", HARD, 3, 17, 0.9, ("verb", "ctd"), ("denied",), HARD, 1985, 0.75
            ),
            Evidence("2", "abstract", "", 0, 0, None),
        ),
        (Statement("ctd", ("12", "PMC 3|x%")), Statement("side_effects")),
        (Statement("therapy", ("9",)),),
        (Statement("ctd", ("7",), ("MESH:D1", "odd >|% id")),),
        1,
        0.875,
    ),
    Assertion(
        "MESH:D1",
        "causes",
        "MESH:D3",
        "",
        "",
        1e-9,
        1e-9,
        1,
        "new",
        (Evidence("1", "", "", 0, 0, 0.5),),
    ),
)


def test_a_table_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "out" / "assertions.tsv"
    write_assertions(path, ASSERTIONS)
    assert read_assertions(path) == ASSERTIONS


def test_each_line_is_a_row_of_evidence(tmp_path: Path) -> None:
    path = tmp_path / "assertions.tsv"
    write_assertions(path, ASSERTIONS)
    lines = path.read_text(encoding="utf-8").split("\n")
    assert lines[-1] == ""
    assert [len(line.split("\t")) for line in lines[:-1]] == [len(COLUMNS)] * 4
    assert lines[1].split("\t")[:14] == lines[2].split("\t")[:14]
    assert lines[1].split("\t")[11:14] == [
        "ctd 12 PMC%203%7Cx%25|side_effects",
        "therapy 9",
        "ctd>MESH%3AD1>odd%20%3E%7C%25%20id 7",
    ]


def test_no_assertions_are_a_header(tmp_path: Path) -> None:
    write_assertions(tmp_path / "a.tsv", [])
    assert read_assertions(tmp_path / "a.tsv") == ()


def test_a_failed_write_leaves_the_old_table(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    write_assertions(path, ASSERTIONS)

    def broken() -> list[Assertion]:
        raise OSError(28, "No space left on device")

    with pytest.raises(CorpusError, match="No space") as caught:
        write_assertions(path, (a for _ in "1" for a in broken()))
    assert caught.value.code == "BL604"
    assert read_assertions(path) == ASSERTIONS
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_table(tmp_path: Path) -> None:
    with pytest.raises(CorpusError) as caught:
        read_assertions(tmp_path / "none.tsv")
    assert caught.value.code == "BL601"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("status", "state"),
        lambda text: text[:-10],
        lambda text: text.replace("\tknown\t", "\tproven\t"),
        lambda text: text.replace("0.98", "high"),
        lambda text: text.replace("ctd>MESH%3AD1>", "ctd>"),
        lambda text: text.replace("MESH:D2\t", "MESH:D2"),
        lambda text: text + "\n",
        lambda text: text[:0],
    ],
)
def test_other_tables_are_refused(tmp_path: Path, change: Callable[[str], str]) -> None:
    path = tmp_path / "a.tsv"
    write_assertions(path, ASSERTIONS)
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(CorpusError) as caught:
        read_assertions(path)
    assert caught.value.code == "BL621"


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_bytes(b"\xff\xfe")
    with pytest.raises(CorpusError, match="UTF-8"):
        read_assertions(tmp_path / "a.tsv")
