import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from biolabel.data.concepts import Ranked, Reading
from biolabel.data.documents import Document, Mention, Passage
from biolabel.errors import CorpusError
from biolabel.workflow.normalise.written import COLUMNS, Each, writer_of

HELD = Document(
    "1",
    (Passage("title", 0, "Colds\tand gout"),),
    (Mention(0, 5, "D", ("X:0",)), Mention(10, 14, "E", ("Z:1",))),
)
COLDS = Reading("Colds", (Ranked("X:1", 0.95, "cold", ("spelling",)), Ranked("X:2", 0.3, "co", ())))
EACH: list[Each] = [(HELD, [(HELD.mentions[0], (COLDS, Reading("gout", ())))])]


def test_tables_have_a_row_for_each_concept(tmp_path: Path) -> None:
    writer_of(tmp_path / "a.tsv")(tmp_path / "a.tsv", EACH)
    lines = [line.split("\t") for line in (tmp_path / "a.tsv").read_text().splitlines()]
    assert lines[0] == list(COLUMNS)
    start = ["1", "0", "5", "D", "Colds"]
    assert lines[1:] == [
        [*start, "1", "Colds", "1", "X:1", "0.950", "cold", "spelling"],
        [*start, "1", "Colds", "2", "X:2", "0.300", "co", ""],
        [*start, "2", "gout", "", "", "", "", ""],
    ]


def test_json_lines_have_a_row_for_each_mention(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    writer_of(path)(path, EACH)
    (row,) = map(json.loads, gzip.decompress(path.read_bytes()).decode().splitlines())
    assert (row["document"], row["text"], len(row["readings"])) == ("1", "Colds", 2)
    assert row["readings"][0]["ranked"][0] == {
        "concept": "X:1", "score": 0.95, "name": "cold", "why": ["spelling"],
    }  # fmt: skip


def test_pubtator_has_likely_concepts_and_leaves_other_mentions(tmp_path: Path) -> None:
    writer_of(tmp_path / "a.pubtator")(tmp_path / "a.pubtator", EACH)
    lines = (tmp_path / "a.pubtator").read_text().splitlines()
    assert lines[2:4] == ["1\t0\t5\tColds\tD\tX:1", "1\t10\t14\tgout\tE\tZ:1"]


def test_other_endings_are_refused() -> None:
    with pytest.raises(CorpusError) as caught:
        writer_of(Path("a.txt"))
    assert caught.value.code == "BL635"


@pytest.mark.parametrize("ending", ["tsv", "jsonl", "pubtator"])
def test_nothing_is_left_of_a_run_that_fails(ending: str, tmp_path: Path) -> None:
    def failing() -> Iterator[Each]:
        yield from EACH
        raise CorpusError("BL741", "no mention")

    path = tmp_path / f"a.{ending}"
    with pytest.raises(CorpusError) as caught:
        writer_of(path)(path, failing())
    assert caught.value.code == "BL741"
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_text("")
    with pytest.raises(CorpusError) as caught:
        writer_of(path)(tmp_path / "file" / path.name, EACH)
    assert caught.value.code == "BL604"
