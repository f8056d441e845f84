import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from biolabel.data.corpus import SCHEMAS
from biolabel.data.documents import Document, Mention, Passage, Relation
from biolabel.errors import CorpusError
from biolabel.text.build import Abbreviation, naive, tables_of
from biolabel.text.pipeline import Pipeline
from biolabel.text.projection import Tokens
from biolabel.text.store import write
from biolabel.text.store_checks import Fault, verify
from biolabel.text.store_files import read_index, write_index, write_shards
from biolabel.text.store_tables import Tables

NAIVE = Pipeline(sentences="naive", abbreviations=False)
TEXT = "Renal failure (RF) rose. Then RF fell!"


def document(id_: str) -> Document:
    mentions = (Mention(0, 13, "Disease", ("MESH:D1",)), Mention(30, 32, "Disease"))
    passages = (Passage("title", 0, "Of tea"), Passage("abstract", 7, TEXT))
    moved = tuple(replace(m, start=m.start + 7, end=m.end + 7) for m in mentions)
    return Document(id_, passages, moved, (Relation("t", "a", "b", "yes"),), {"year": ("1999",)})


def tables(*ids: str) -> Tables:
    shorts = (Abbreviation(22, 24, 7, 20),)
    tokens = (Tokens((0,), (2,), ("of",), ("ADP",), ("",), ("ROOT",), (-1,)),)
    return tables_of(
        (d, replace(naive(d), abbreviations=shorts, tokens=tokens)) for d in map(document, ids)
    )


def stored(folder: Path, *parts: Tables) -> Path:
    """Write shards as they are, whatever is wrong with them."""
    folder.mkdir()
    write_index(folder, write_shards(folder, parts, {}, 2, {}))
    return folder


def changed(table: str, column: str, change: Callable[[list[object]], None]) -> Tables:
    """Return the tables of documents a and b with another column."""
    found = dict(tables("a", "b"))
    field = SCHEMAS[table].field(column)
    values = found[table][column].to_pylist()
    change(values)
    if pa.types.is_dictionary(field.type):
        array = pa.array(values, field.type.value_type).dictionary_encode()
    else:
        array = pa.array(values, field.type)
    at = SCHEMAS[table].get_field_index(column)
    found[table] = found[table].set_column(at, field, array)
    return found


def put(at: int, value: object) -> Callable[[list[object]], None]:
    def change(values: list[object]) -> None:
        values[at] = value

    return change


def codes(faults: Sequence[Fault]) -> set[tuple[str, str]]:
    return {(fault.code, fault.document) for fault in faults}


def test_a_whole_store_has_no_faults(tmp_path: Path) -> None:
    assert list(verify(stored(tmp_path / "s", tables("a", "b"), tables("c")))) == []


@pytest.mark.parametrize(
    ("table", "column", "change", "code", "said"),
    [
        ("rows", "sentence", put(-1, 99), "BL666", "rows: sentence is no number of sentences"),
        ("rows", "head", put(-1, -2), "BL666", "head is no number of rows"),
        ("rows", "doc", put(-1, 0), "BL666", "rows do not stand in the order"),
        ("mentions", "doc", put(-1, 2), "BL666", "mentions: doc is no number"),
        ("relations", "doc", list.reverse, "BL666", "relations do not stand"),
        ("sections", "end", put(-1, 999), "BL665", "sections are not where"),
        ("sections", "start", put(-1, 2), "BL665", "sections overlap"),
        ("sentences", "start", put(-1, 6), "BL665", "sentences"),
        ("sentences", "end", put(-1, 20), "BL665", "sentences"),
        ("rows", "end", put(-1, 99), "BL665", "rows are not where"),
        ("rows", "start", put(-2, 27), "BL665", "rows"),
        ("mentions", "end", put(-1, 46), "BL665", "mentions are not where"),
        ("mentions", "start", put(-1, -1), "BL665", "mentions are not where"),
        ("abbreviations", "long_end", put(-1, 46), "BL665", "long forms are not where"),
        ("sentences", "first_row", put(-1, 0), "BL671", "sentences that do not begin"),
        ("rows", "head", put(-1, 1), "BL671", "rows that hang on another sentence"),
        ("rows", "form", put(-1, "?"), "BL667", "rows whose text is not their form: 1"),
        ("rows", "lower", put(-3, "RF"), "BL667", "another lower form"),
        ("rows", "is_word", put(-1, 1), "BL667", "words, or are none"),
        ("mentions", "first_row", put(-1, 0), "BL668", "mentions with other rows"),
        ("abbreviations", "short_end_row", put(-1, 0), "BL668", "short forms with other rows"),
    ],
)
def test_columns_that_disagree_are_told(
    tmp_path: Path,
    table: str,
    column: str,
    change: Callable[[list[object]], None],
    code: str,
    said: str,
) -> None:
    folder = stored(tmp_path / "s", changed(table, column, change))
    faults = list(verify(folder))
    assert {fault.code for fault in faults} == {code}
    assert any(said in fault.message for fault in faults), faults
    assert {fault.shard for fault in faults} == {read_index(folder).shards[0].name}
    where = {"relations": "a", "documents": "a"}.get(table, "b")
    if column != "doc":
        assert where in {fault.document for fault in faults}


def test_mentions_out_of_order_are_told(tmp_path: Path) -> None:
    found = dict(tables("a"))
    found["mentions"] = found["mentions"].take([1, 0])
    (fault,) = verify(stored(tmp_path / "s", found))
    assert (fault.code, fault.document) == ("BL668", "a")


def test_an_id_in_two_shards_is_told(tmp_path: Path) -> None:
    folder = stored(tmp_path / "s", tables("a", "b"), tables("b"))
    assert codes(list(verify(folder))) == {("BL669", "b")}


def test_an_index_of_another_time_is_told(tmp_path: Path) -> None:
    folder = stored(tmp_path / "s", tables("a"), tables("b"))
    index = read_index(folder)
    write_index(folder, index.model_copy(update={"content_hash": "0" * 64}))
    assert codes(list(verify(folder))) == {("BL670", "")}
    swapped = index.shards[0].model_copy(update={"content_hash": index.shards[1].content_hash})
    write_index(folder, index.model_copy(update={"shards": (swapped, index.shards[1])}))
    faults = list(verify(folder))
    assert [(fault.code, fault.shard) for fault in faults] == [("BL670", swapped.name)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stored(tmp_path_factory.mktemp("s") / "whole", tables("a", "b"), tables("c"))


@pytest.mark.parametrize("table", SCHEMAS)
def test_every_flipped_byte_is_told(whole: Path, tmp_path: Path, table: str) -> None:
    folder = shutil.copytree(whole, tmp_path / "s")
    note = read_index(folder).shards[1]
    path = folder / "shards" / note.name / f"{table}.arrow"
    content = path.read_bytes()
    rng = np.random.default_rng(7)
    for at in [0, len(content) - 1, *rng.integers(0, len(content), 20).tolist()]:
        flipped = bytearray(content)
        flipped[at] ^= 1 << int(rng.integers(8))
        path.write_bytes(flipped)
        faults = list(verify(folder))
        assert faults[0] == Fault(
            "BL664", note.name, "", f"{table}.arrow has other bytes than were written"
        )
        assert {fault.shard for fault in faults} <= {note.name, ""}


def test_a_missing_table_is_told_and_the_other_shards_are_still_checked(
    whole: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(whole, tmp_path / "s")
    first, second = read_index(folder).shards
    (folder / "shards" / first.name / "rows.arrow").unlink()
    path = folder / "shards" / second.name / "rows.arrow"
    path.write_bytes(path.read_bytes()[:-9])
    faults = list(verify(folder))
    assert [(f.code, f.shard) for f in faults] == [
        ("BL612", first.name), ("BL664", second.name), ("BL612", second.name),
    ]  # fmt: skip


def test_a_damaged_index_is_an_error(whole: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(whole, tmp_path / "s")
    index = json.loads((folder / "corpus.json").read_text())
    del index["pipeline"]
    (folder / "corpus.json").write_text(json.dumps(index))
    with pytest.raises(CorpusError) as caught:
        list(verify(folder))
    assert caught.value.code == "BL612"


def test_a_store_that_is_written_is_whole(tmp_path: Path) -> None:
    odd = Document(
        "x", (Passage("title", 3, " -\U0001f600é' "), Passage("", 12, "")), (Mention(0, 2, "X"),)
    )
    write(tmp_path / "s", [odd], NAIVE, stream=lambda given: ((d, naive(d)) for d in given))
    assert list(verify(tmp_path / "s")) == []
