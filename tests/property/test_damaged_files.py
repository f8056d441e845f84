"""Files with damage anywhere give documents, rejects or an error of ours, and never anything else."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from biolabel.errors import CorpusError
from biolabel.text.build import corpus_of
from biolabel.text.formats.known import read_documents
from biolabel.text.rejects import Rejects
from tests.unit.text.formats.test_datasets import KNOWLEDGE, table
from tests.unit.text.formats.test_jats import FULL as JATS
from tests.unit.text.formats.test_medline import FULL, HEAD, TAIL, article

LINE = {
    "id": "1",
    "passages": [{"kind": "title", "offset": 0, "text": "Zinc slept"}],
    "mentions": [{"start": 0, "end": 10, "type": "C", "parts": [[0, 4], [5, 10]]}],
    "relations": [{"task": "t", "subject": "A:1", "object": "@0-10:C", "label": "l"}],
    "meta": {"a": ["b"]},
    "topics": {"t": "yes"},
}
TAGGED: list[dict[str, object]] = [
    {"id": "1", "tokens": ["Zinc", "slept"], "ner_tags": ["B-C", "O"]}
]


def as_arrow(rows: list[dict[str, object]]) -> bytes:
    found, sink = table(rows, {}), pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, found.schema) as stream:
        stream.write_table(found)
    return bytes(sink.getvalue())


def as_parquet(rows: list[dict[str, object]]) -> bytes:
    sink = pa.BufferOutputStream()
    parquet.write_table(table(rows, {}), sink)
    return bytes(sink.getvalue())


SPAN = {"start": 0, "end": 4, "text": "Zinc"}
TASK = {
    "data": {
        "text": "Zinc slept",
        "id": "1",
        "biolabel": {"passages": [{"offset": 0, "length": 10}]},
    },
    "annotations": [
        {
            "result": [
                {"id": "a", "type": "labels", "value": {**SPAN, "labels": ["C"]}, "score": 0.5},
                {"type": "relation", "from_id": "a", "to_id": "a", "labels": ["x"]},
                {"from_name": "t", "type": "choices", "value": {"choices": ["y"]}},
            ]
        }
    ],
}
EXAMPLE = {
    "text": "Zinc slept",
    "meta": {"id": "1", "task": "t"},
    "spans": [{**SPAN, "label": "C", "token_start": 0, "token_end": 0}],
    "relations": [{"head_span": {**SPAN, "label": "C"}, "child_span": SPAN, "label": "x"}],
    "accept": ["y"],
    "answer": "accept",
}
FILES = {
    "labelstudio": json.dumps([TASK, {"data": {"text": "Tin"}, "predictions": []}]).encode(),
    "prodigy": f'{json.dumps(EXAMPLE)}\n{{"text": "Tin"}}\n'.encode(),
    "medline": (HEAD + FULL + article("3") + TAIL).encode(),
    "jats": JATS.encode(),
    "jsonl": f'{json.dumps(LINE)}\n{{"id": 2, "text": "Tin", "year": 2001}}\n'.encode(),
    "csv": b'id,title,abstract\n1,Zinc,"Old, ""ill""\n\nand"\n2,Tin,woke\n',
    "tsv": b'id\ttitle\tabstract\n1\tZinc\t"Old"\n2\tTin\twoke\n',
    "plain": b"One.\n\nTwo.\n",
    "lines": b"One.\n\nTwo.\n",
    "parquet": as_parquet([{"text": "Zinc", "mesh": ["a", "b"]}, {"text": "Tin", "mesh": []}]),
    "datasets-kb": as_arrow([KNOWLEDGE]),
    "datasets-tags": as_arrow(TAGGED),
}
SPLINTERS = st.binary(max_size=9) | st.sampled_from(
    [b"<", b">", b"&x;", b'"', b"\0", b"{", b"]", b"null", b"-1", b"1e999", b"\r", b"\xed\xa0\x80"]
)


@st.composite
def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """Replace, remove or repeat a few pieces of a file, or cut it off."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = start + draw(st.integers(0, 12))
        again = data[end : end + draw(st.integers(0, 40))]
        rest = b"" if draw(st.integers(0, 6)) == 0 else data[end:]
        data = data[:start] + draw(SPLINTERS | st.just(again)) + rest
    return data


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_damage_is_told(name: str, data: st.DataObject) -> None:
    content = data.draw(damaged(FILES[name]))
    format_, _, arrow = name.partition("-")
    with TemporaryDirectory() as folder:
        path = Path(folder) if arrow else Path(folder) / "corpus"
        if arrow:
            (path / "data.arrow").write_bytes(content)
            (path / "state.json").write_text('{"_data_files": [{"filename": "data.arrow"}]}')
        else:
            path.write_bytes(content)
        rejects = Rejects()
        try:
            documents = list(read_documents(path, rejects, format_))
        except CorpusError:
            return
        if documents:
            corpus_of(documents)
        # A header alone is a table without rows, which building a corpus tells (BL605).
        bare = format_ in ("csv", "tsv") and len(content.strip().splitlines()) == 1
        assert documents or rejects.rows or bare or not content.strip()
