from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from biolabel.errors import KnowledgeError
from biolabel.kb.ontology import Ontology
from biolabel.kb.tables import RowFilter, read_table
from biolabel.kb.tabular import TermColumns, ontology_of_table, tree_numbers

TABLE = pa.table({
    "ID": ["1", "2", "-", "X:3"],
    "Label": ["one", "two", "none", " three "],
    "Other": ["uno; eins", "", "", "three;drei"],
    "Up": ["2;3", "", "", ""],
    "Tree": ["D01.1;D02", "", "", "D01"],
    "Kind": ["big", "small", "small", "big;odd"],
})  # fmt: skip
ROLES = {
    "id": "ID", "name": "Label", "synonyms": "Other", "parents": "Up", "tree": "Tree", "type": "Kind",
}  # fmt: skip


def read(columns: TermColumns, *where: RowFilter) -> Ontology:
    return ontology_of_table(TABLE, columns, where, Path("t.tsv"))


def test_every_role() -> None:
    found = read(TermColumns(ROLES, ";", "X"))
    assert found.names == {"X:1": ("one", "uno", "eins"), "X:2": ("two",), "X:3": ("three", "drei")}
    assert found.parents == {"X:1": ("X:2", "X:3")}
    assert found.trees == {"X:1": ("D01.1", "D02"), "X:3": ("D01",)}
    assert found.types == {"X:1": ("big",), "X:2": ("small",), "X:3": ("big", "odd")}
    assert found.under(["odd"]) == {"X:3"}
    assert found.under(["D01"]) == {"X:1", "X:3"}


def test_filters_name_columns_or_roles() -> None:
    columns = TermColumns({**ROLES, "size": "Kind"}, ";", "X")
    for name in ("Kind", "type", "size"):
        found = read(columns, RowFilter(name, "=", "small"))
        assert (set(found.names), found.omitted) == ({"X:2"}, 2)


def test_columns_may_be_called_what_they_are() -> None:
    table = pa.table({"id": ["A:1"], "name": ["a"], "synonyms": ["b|c"]})
    found = ontology_of_table(table, TermColumns(), (), Path("t.tsv"))
    assert found.names == {"A:1": ("a", "b", "c")}


@pytest.mark.parametrize(
    ("columns", "where", "code", "hint"),
    [
        (TermColumns({**ROLES, "name": "Lable"}, prefix="X"), (), "BL402", "did you mean `Label`?"),
        (TermColumns({"id": "ID"}, prefix="X"), (), "BL402", 'write `columns: name = "..."`'),
        (TermColumns({"id": "ID"}, prefix="X", code="BL706"), (), "BL706", "columns: ID, Label"),
        (TermColumns(ROLES, ";", "X"), (RowFilter("Knd", "=", "x"),), "BL402", "`Kind`"),
        (TermColumns(ROLES, ";", "X"), (RowFilter("Kind", "<", 2.0),), "BL713", "with a text"),
        (TermColumns(ROLES, ";"), (), "BL714", 'write `ids: "MESH"`'),
    ],
)
def test_columns_that_cannot_be_meant(
    columns: TermColumns, where: tuple[RowFilter, ...], code: str, hint: str
) -> None:
    with pytest.raises(KnowledgeError) as raised:
        read(columns, *where)
    assert raised.value.code == code
    assert hint in raised.value.hint


def test_tree_numbers_of_a_table() -> None:
    found = tree_numbers(TABLE, "ID", "Tree", TermColumns(separator=";", prefix="X"), Path("t"))
    assert found == {"X:1": ("D01.1", "D02"), "X:3": ("D01",)}


KINDS = pa.table({
    "id": ["X:1", "X:2"],
    "name": ["heart attack", "cold"],
    "synonyms": ["cardiac infarction", ""],
    "short": ["MI|AMI", ""],
    "wide": ["disease", "illness|disease"],
    "kind": ["disease", "nuisance"],
    "old": ["X:7|X:2|9", "X:8"],
    "mesh": ["D009203", ""],
    "xref": ["mesh:D1|what|MIM:3", ""],
})  # fmt: skip
KIND_ROLES = {"abbreviation": "short", "broad": "wide", "old_ids": "old", "references": "xref"}


def test_columns_of_names_of_a_kind() -> None:
    columns = TermColumns(KIND_ROLES, prefix="X", references={"mesh": "MESH"})
    found = ontology_of_table(KINDS, columns, (), Path("t.tsv"))
    assert found.names["X:1"] == ("heart attack", "cardiac infarction", "disease", "MI", "AMI")
    assert found.kinds == {
        "X:1": {"disease": "broad", "MI": "abbreviation", "AMI": "abbreviation"},
        "X:2": {"illness": "broad", "disease": "broad"},
    }
    assert found.replaced == {"X:7": "X:1", "X:9": "X:1", "X:8": "X:2"}
    assert found.references == {"X:1": ("MESH:D009203", "MESH:D1", "OMIM:3")}


def test_names_are_chosen_by_kind() -> None:
    table = KINDS.drop_columns(["kind"])
    columns = TermColumns(KIND_ROLES, prefix="X", kinds=("exact",))
    usual = ontology_of_table(table, columns, (), Path("t.tsv"))
    assert usual.names == {"X:1": ("heart attack", "cardiac infarction"), "X:2": ("cold",)}
    assert usual.omitted == 5
    asked = ontology_of_table(
        table, columns, [RowFilter("kind", "=", "abbreviation")], Path("t.tsv")
    )
    assert asked.names == {"X:1": ("MI", "AMI")}
    # A column of that name comes first.
    rows = ontology_of_table(KINDS, columns, [RowFilter("kind", "=", "nuisance")], Path("t.tsv"))
    assert rows.names == {"X:2": ("cold",)}


def test_a_column_may_tell_the_kind_of_a_row() -> None:
    table = pa.table({"id": ["X:1"] * 3, "name": ["a", "b", "c"], "is": ["", "lay", "exact"]})
    found = ontology_of_table(table, TermColumns({"kind": "is"}), (), Path("t.tsv"))
    assert (found.names, found.kinds) == ({"X:1": ("a", "b", "c")}, {"X:1": {"b": "lay"}})


def test_circles_and_names_with_tabs(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    # The second is below an old identifier of the first.
    table = pa.table({
        "id": ["X:1", "X:2"], "name": ["a\t", "b"], "parents": ["X:2", "X:9|X:7"], "old": ["X:7", ""],
    })  # fmt: skip
    pq.write_table(table, path, compression="none")
    with pytest.raises(KnowledgeError) as raised:
        ontology_of_table(table, TermColumns({"old_ids": "old"}), (), path)
    assert raised.value.code == "BL723"
    circle = "the hierarchy goes in a circle: X:2 is below X:1, which is below X:2"
    assert raised.value.message == f"{path}: {circle}"
    path = tmp_path / "t.csv"
    path.write_text("id,name,parents,old\nX:22,,X:77,\nX:1,a,X:2,X:7\nX:2,b,X:9|X:7,\n")
    with pytest.raises(KnowledgeError) as raised:
        ontology_of_table(read_table(path), TermColumns({"old_ids": "old"}), (), path)
    assert raised.value.message == f"{path}:4: {circle}"
    table = pa.table({"id": ["X:1", "X:2"], "name": ["a", "b\tc"]})
    path.write_text('# written by hand\nid,name\nX:1,a\n\nX:2,"b\tc"\n')
    with pytest.raises(KnowledgeError) as raised:
        ontology_of_table(table, TermColumns(), (), path)
    assert raised.value.code == "BL722"
    assert raised.value.message.startswith(f"{path}:5, column `name`: the name 'b\\tc'")
    pq.write_table(table, tmp_path / "t.parquet")
    with pytest.raises(KnowledgeError, match=r"t.parquet, row 2, column `name`"):
        ontology_of_table(table, TermColumns(), (), tmp_path / "t.parquet")
