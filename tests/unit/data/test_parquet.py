"""Parquet files that say, or hide, that they are large."""

from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet as theirs

from biolabel.apply.votefiles import vote_file
from biolabel.data import parquet
from biolabel.errors import BiolabelError
from biolabel.kb.sources import Source, read_ontology
from biolabel.text.formats.known import read_documents
from biolabel.text.rejects import Rejects


def test_texts_count_as_often_as_they_stand_in_rows(tmp_path: Path) -> None:
    table = pa.table(
        {
            "text": ["ab", "ab", None],
            "list": [["abc"], [], ["abc", "abc"]],
            "part": [{"x": "abcd"}] * 3,
            "n": [1, 2, 3],
        }
    )
    theirs.write_table(table, tmp_path / "a.parquet")
    read = parquet.opened(tmp_path / "a.parquet").read()
    assert read.to_pylist() == table.to_pylist()
    sizes = [parquet.size_of([column]) for column in read.columns]
    assert (sizes[0], sizes[1]) == (4, 9)
    assert sizes[2] >= 12
    assert sizes[3] >= 24


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("biolabel.data.growth.HARMLESS", 50_000)
    monkeypatch.setattr("biolabel.data.growth.GROWTH", 2)


def large(path: Path, *, hidden: bool) -> Path:
    """Write a file that is large by its own words, or only when its dictionary is taken apart."""
    texts = ["a" * 1000] * 300
    columns = dict.fromkeys(("doc", "label", "id", "name", "text"), texts)
    theirs.write_table(
        pa.table(columns), path, use_dictionary=hidden, compression="zstd", write_statistics=False
    )
    assert path.stat().st_size < 20_000
    return path


@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize("hidden", [False, True])
def test_bombs_are_refused_by_every_reader(tmp_path: Path, hidden: bool) -> None:
    path = large(tmp_path / "bomb.parquet", hidden=hidden)
    codes = []
    for read in (
        lambda: list(read_documents(path, Rejects())),
        lambda: read_ontology(Source("parquet", (str(path),))),
        lambda: vote_file(path),
    ):
        with pytest.raises(BiolabelError) as raised:
            read()
        codes.append(raised.value.code)
    assert codes == ["BL643", "BL720", "BL850"]


@pytest.mark.usefixtures("small_limits")
def test_more_rows_than_the_file_can_have(tmp_path: Path) -> None:
    table = pa.table({"text": pa.nulls(200_000, pa.string())})
    theirs.write_table(table, tmp_path / "a.parquet")
    with pytest.raises(parquet.GrownError):
        parquet.opened(tmp_path / "a.parquet")
