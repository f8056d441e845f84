from pathlib import Path

import pytest

from biolabel.errors import KnowledgeError
from biolabel.kb.pairs import Expansion, PairIndex, reachable, read_pairs
from biolabel.kb.sources import Source
from biolabel.kb.tables import RowFilter

KB = Path(__file__).resolve().parents[2] / "data" / "kb"
NAUSEA = "MESH:D103"


def tiny(name: str = "tiny_causes", documents: frozenset[str] = frozenset()) -> PairIndex:
    return read_pairs(Source("catalog", (name,), catalog=KB), documents)


def test_evidence_is_counted_in_all_and_by_subset() -> None:
    counts = tiny().counts
    assert counts[""] == {
        ("MESH:D001", NAUSEA): 4,
        ("MESH:D003", "MESH:D101"): 1,
        ("MESH:D002", NAUSEA): 1,
        ("MESH:D004", NAUSEA): 2,
    }
    assert counts["marker"]["MESH:D001", NAUSEA] == 3
    assert counts["therapeutic"] == {("MESH:D001", NAUSEA): 1}


def test_subsets_are_named_as_rules_can_write_them() -> None:
    assert set(tiny().counts) == {
        "", "marker", "therapeutic", "marker_mechanism",
    }  # fmt: skip


def test_short_numbers_are_documents_too() -> None:
    assert tiny().counts["marker_mechanism"] == {("MESH:D004", NAUSEA): 2}


def test_leak_guard_withholds_the_documents_being_labeled() -> None:
    found = tiny(documents=frozenset({"12", "14", "999"}))
    assert found.withheld == 3
    assert found.counts[""] == {
        ("MESH:D001", NAUSEA): 2,
        ("MESH:D002", NAUSEA): 1,
        ("MESH:D004", NAUSEA): 2,
    }
    assert found.counts["therapeutic"] == {}


def test_terms_are_no_pairs() -> None:
    with pytest.raises(KnowledgeError) as raised:
        tiny("tiny_drugs")
    assert raised.value.code == "BL709"


def table(folder: Path, *lines: str, name: str = "k.tsv") -> str:
    (folder / name).write_text("\n".join(lines) + "\n")
    return str(folder / name)


def code_of(source: Source) -> tuple[str, str]:
    with pytest.raises(KnowledgeError) as raised:
        read_pairs(source)
    return raised.value.code, raised.value.hint


def test_columns_of_a_rule_file(tmp_path: Path) -> None:
    path = table(
        tmp_path, "a\tb\tc\td\te", "1\t2\tMarker/Mechanism\t11;PMID: 12\tcat", "X:3\t2\t\t\tdog"
    )
    columns = {"subject": "a", "object": "b", "subset": "c", "evidence": "d", "separator": ";"}
    source = Source("tsv", (path,), ids="X", columns=columns)
    found = read_pairs(source, frozenset({"12"}))
    assert found.counts == {
        "": {("X:1", "X:2"): 1, ("X:3", "X:2"): 1},
        "marker_mechanism": {("X:1", "X:2"): 1},
    }
    assert found.withheld == 1
    where = (RowFilter("e", "=", "dog"),)
    only = read_pairs(Source("tsv", (path,), ids="X", columns=columns, where=where))
    assert only.counts[""] == {("X:3", "X:2"): 1}
    with pytest.raises(KnowledgeError) as raised:
        read_pairs(
            Source("tsv", (path,), ids="X", columns=columns, where=(RowFilter("f", "=", ""),))
        )
    assert raised.value.code == "BL402"


def test_several_tables_are_joined(tmp_path: Path) -> None:
    one = table(tmp_path, "subject\tobject\tevidence", "X:1\tX:2\t11|12", name="a.tsv")
    two = table(
        tmp_path, "subject\tobject\tevidence", "X:1\tX:2\t12|13", "X:4\tX:2\t", name="b.tsv"
    )
    found = read_pairs(Source("tsv", (one, two)), frozenset({"13"}))
    assert found.counts[""] == {("X:1", "X:2"): 2, ("X:4", "X:2"): 1}
    assert found.withheld == 1


def test_numbers_of_pieces(tmp_path: Path) -> None:
    path = table(tmp_path, "subject\tobject\tcount", "X:1\tX:2\t7", "X:1\tX:2\t2", "X:3\tX:2\t0")
    assert read_pairs(Source("tsv", (path,))).counts[""] == {("X:1", "X:2"): 9, ("X:3", "X:2"): 0}
    bad = table(tmp_path, "subject\tobject\tcount", "X:1\tX:2\tmany", name="bad.tsv")
    assert code_of(Source("tsv", (bad,)))[0] == "BL715"


def test_evidence_may_be_numbers(tmp_path: Path) -> None:
    lines = ["subject\tobject\tevidence", "X:1\tX:2\t7", "X:3\tX:2\t12000", "X:3\tX:1\t"]
    found = read_pairs(Source("tsv", (table(tmp_path, *lines, "X:4\tX:1\t3"),)), frozenset({"7"}))
    assert found.counts[""] == {
        ("X:1", "X:2"): 7, ("X:3", "X:2"): 12000, ("X:3", "X:1"): 0, ("X:4", "X:1"): 3,
    }  # fmt: skip
    assert found.withheld == 0


@pytest.mark.parametrize("cells", [("7", "9031211"), ("7", "8|9"), ("7", "8 a")])
def test_evidence_that_is_documents(tmp_path: Path, cells: tuple[str, str]) -> None:
    lines = [f"X:{i}\tX:2\t{cell}" for i, cell in enumerate(cells)]
    path = table(tmp_path, "subject\tobject\tevidence", *lines)
    found = read_pairs(Source("tsv", (path,)), frozenset({"7"}))
    assert ("X:0", "X:2") not in found.counts[""]
    assert (found.counts[""]["X:1", "X:2"], found.withheld) == (len(cells[1].split("|")), 1)


@pytest.mark.parametrize(
    ("header", "columns", "code", "hint"),
    [
        ("a\tobject", {}, "BL402", 'write `columns: subject = "..."`; columns: a, object'),
        ("a\tobject", {"subject": "A"}, "BL402", "columns: a, object"),
        (
            "subject\tobject",
            {},
            "BL714",
            'write `ids: "MESH"` or whichever they are, `--ids MESH` in a command',
        ),
    ],
)
def test_tables_that_cannot_be_meant(
    tmp_path: Path, header: str, columns: dict[str, str], code: str, hint: str
) -> None:
    path = table(tmp_path, header, "1\t2")
    assert code_of(Source("tsv", (path,), columns=columns)) == (code, hint)


def test_formats_without_pairs(tmp_path: Path) -> None:
    assert code_of(Source("mesh", (str(tmp_path),)))[0] == "BL709"
    assert code_of(Source("catalog", ("x",), columns={"count": "n"}))[0] == "BL717"
    assert code_of(Source("tsv", (str(tmp_path / "no"),)))[0] == "BL703"
    assert code_of(Source("catalog", ("tiny_causes",), ids="X", catalog=KB))[0] == "BL712"


def test_expansion(tmp_path: Path) -> None:
    path = table(tmp_path, "subject\tobject\tevidence", "X:1\tY:1\t11|12", "X:2\tY:1\t12|13")
    above = {"X:1": frozenset({"X:2"}), "X:2": frozenset({"X:3"}), "X:3": frozenset({"X:1"})}

    def counts(expansion: Expansion) -> dict[tuple[str, str], int]:
        return dict(read_pairs(Source("tsv", (path,)), expand=[expansion]).counts[""])

    assert counts(Expansion("subject", "ancestors", 1, above)) == {
        ("X:1", "Y:1"): 2, ("X:2", "Y:1"): 3, ("X:3", "Y:1"): 2,
    }  # fmt: skip
    assert set(counts(Expansion("subject", "descendants", 1, above)).values()) == {2, 3}
    assert counts(Expansion("subject", "ancestors", None, above)) == dict.fromkeys(
        [("X:1", "Y:1"), ("X:2", "Y:1"), ("X:3", "Y:1")], 3
    )
    below = {"Y:1": frozenset({"Y:0"})}
    assert counts(Expansion("object", "ancestors", None, below))["X:2", "Y:0"] == 2


def test_reachable_keeps_to_its_depth() -> None:
    above = {"c": frozenset({"b"}), "b": frozenset({"a"})}
    assert reachable(Expansion("subject", "ancestors", 1, above))("c") == {"b"}
    assert reachable(Expansion("subject", "ancestors", None, above))("c") == {"a", "b"}
    assert reachable(Expansion("subject", "descendants", 2, above))("a") == {"b", "c"}


def test_completeness_is_kept() -> None:
    source = Source("catalog", ("tiny_causes",), catalog=KB)
    assert read_pairs(source, complete=True).complete
    assert read_pairs(source).prefixes == {"MESH"}


def test_documents_that_state_a_pair_can_be_cited() -> None:
    found = tiny(documents=frozenset({"12", "999"}))
    assert found.cited(("MESH:D001", NAUSEA)) == ("11", "13", "14")
    assert found.cited(("MESH:D001", NAUSEA), "therapeutic") == ("14",)
    assert found.cited(("MESH:D004", NAUSEA)) == ("99", "100")
    assert found.withheld_from == {"12"}
    for pair, subset in (
        ((NAUSEA, "MESH:D001"), ""),
        (("MESH:D002", NAUSEA), ""),
        (("MESH:D001", NAUSEA), "none"),
    ):
        assert found.cited(pair, subset) == ()


def test_expanded_pairs_cite_all_that_they_come_from(tmp_path: Path) -> None:
    path = table(tmp_path, "subject\tobject\tevidence", "X:1\tY:1\t11|12", "X:2\tY:1\t12|13")
    above = {"X:1": frozenset({"X:0"}), "X:2": frozenset({"X:0"})}
    up = Expansion("subject", "ancestors", 1, above)
    found = read_pairs(Source("tsv", (path,)), frozenset({"11"}), expand=[up])
    assert found.cited(("X:0", "Y:1")) == ("12", "13")
    assert found.counts[""]["X:0", "Y:1"] == 2


def test_a_pair_has_a_direction(tmp_path: Path) -> None:
    path = table(tmp_path, "subject\tobject\tsubset", "X:1\tX:2\tbinds to", "X:2\tX:1\tinhibits")
    found = read_pairs(Source("tsv", (path,)))
    assert set(found.counts[""]) == {("X:1", "X:2"), ("X:2", "X:1")}
    assert found.part("k", "binds_to") == {("X:1", "X:2"): 1}
    assert found.part("k", "inhibits") == {("X:2", "X:1"): 1}
