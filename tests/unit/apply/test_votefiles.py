"""Files of votes."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest

from biolabel.apply.votefiles import vote_file
from biolabel.data.models import Answers
from biolabel.errors import ModelError
from tests.unit.apply.world import corpus

PAIRS = pa.table(
    {
        "doc": ["1", "1", "2"],
        "drug": ["MESH:D1", "MESH:D2", None],
        "drug_start": pa.array([0, 10, 0], pa.int32()),
        "drug_end": pa.array([4, 14, 4], pa.int32()),
        "drug_type": ["Drug"] * 3,
    }
)


def written(folder: Path, text: str, name: str = "votes.tsv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def said(answers: Answers) -> list[tuple[int, str, float]]:
    rows = zip(answers.row.tolist(), answers.label.tolist(), answers.score.tolist(), strict=True)
    return sorted((row, answers.labels[label], round(score, 3)) for row, label, score in rows)


def asked(path: Path, table: pa.Table = PAIRS) -> list[tuple[int, str, float]]:
    judge = vote_file(path).judge
    assert judge is not None
    return said(judge(table))


@pytest.mark.parametrize("id_", ["D1", "MESH:D1", "mesh:D1"])
def test_ids_with_and_without_prefix(tmp_path: Path, id_: str) -> None:
    path = written(tmp_path, f"doc\tdrug\tlabel\tscore\n1\t{id_}\tyes\t0.9\n9\tD1\tno\t1\n")
    assert asked(path) == [(0, "yes", 0.9)]


def test_places_instead_of_ids(tmp_path: Path) -> None:
    path = written(tmp_path, "doc,drug_start,drug_end,label\n2,0,4,yes\n1,10,13,yes\n", "votes.csv")
    assert asked(path) == [(2, "yes", 1.0)]


def test_crowd(tmp_path: Path) -> None:
    rows = ["1\tD1\tyes", "1\tD1\tyes", "1\tD1\tno", "1\tD2\tno", "1\tD2\t"]
    path = written(tmp_path, "doc\tdrug\tlabel\n" + "\n".join(rows) + "\n")
    assert asked(path) == [(0, "no", 0.333), (0, "yes", 0.667), (1, "no", 1.0)]


def test_documents(tmp_path: Path) -> None:
    path = tmp_path / "votes.parquet"
    pyarrow.parquet.write_table(pa.table({"doc": ["2"], "label": ["good"]}), path)
    assert asked(path, pa.table({"doc": ["1", "2"]})) == [(1, "good", 1.0)]


def test_sentences(tmp_path: Path) -> None:
    sentences = pa.table({"doc": ["1", "1"], "start": [0, 7], "end": [6, 14]})
    sentences = sentences.cast(pa.schema([("doc", "string"), ("start", "int32"), ("end", "int32")]))
    assert asked(written(tmp_path, "doc\tstart\tlabel\n1\t7\tgood\n"), sentences) == [
        (1, "good", 1.0)
    ]
    with pytest.raises(ModelError, match="which sentences"):
        asked(written(tmp_path, "doc\tlabel\n1\tgood\n"), sentences)


def test_spans(tmp_path: Path) -> None:
    path = written(tmp_path, "doc\tstart\tend\tlabel\n0\t0\t4\tDrug\n7\t0\t4\tDrug\n")
    find = vote_file(path).find
    assert find is not None
    found = find(corpus("iron helps"))
    assert (found.doc.tolist(), found.start.tolist(), found.end.tolist()) == ([0], [0], [4])
    assert found.labels == ("Drug",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id\tlabel\n1\tyes\n", "no column doc"),
        ("doc\tdrug\tlabel\tscore\n1\tD1\tyes\thigh\n", "column score"),
        ("doc\tdrug\tlabel\tscore\n1\tD1\tyes\tnan\n", "no number for document 1, label yes"),
        ("doc\tlabel\n1\tyes\n", "does not say which drug"),
        ("", "cannot be read"),
    ],
)
def test_bad_files(tmp_path: Path, text: str, message: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ModelError, match=message) as caught:
        asked(path)
    assert caught.value.code == "BL850"


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no such file"):
        vote_file(tmp_path / "none.parquet")


def test_votes_without_a_score_beside_others_with_one(tmp_path: Path) -> None:
    path = tmp_path / "votes.parquet"
    columns = {"doc": ["1", "1"], "label": ["yes", "no"], "score": [0.5, None]}
    pyarrow.parquet.write_table(pa.table(columns), path)
    with pytest.raises(ModelError, match="no number for document 1, label no"):
        vote_file(path)


@pytest.mark.parametrize("text", ["doc\tlabel\tlabel\n1\ta\tb\n", "doc\tlabel\tx\tx\n1\ta\tb\tc\n"])
def test_a_column_that_is_there_twice(tmp_path: Path, text: str) -> None:
    with pytest.raises(ModelError, match="more than once") as raised:
        vote_file(written(tmp_path, text))
    assert raised.value.code == "BL850"
