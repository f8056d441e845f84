from pathlib import Path

import pyarrow as pa
import pytest

from biolabel.errors import KnowledgeError
from biolabel.kb.ontology import Ontology
from biolabel.kb.tables import RowFilter
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
