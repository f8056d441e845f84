from pathlib import Path

import pytest

from biolabel.errors import KnowledgeError
from biolabel.kb.pairs import PairIndex, read_pairs
from biolabel.kb.sources import Source

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
