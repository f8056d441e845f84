from pathlib import Path

import pytest

from biolabel.errors import KnowledgeError
from biolabel.kb.pairs import read_pairs

KB = Path(__file__).resolve().parents[2] / "data" / "kb"
NAUSEA = "MESH:D103"


def test_evidence_is_counted_in_all_and_by_subset() -> None:
    counts = read_pairs("tiny_causes", folder=KB).counts
    assert counts[""] == {
        ("MESH:D001", NAUSEA): 4,
        ("MESH:D003", "MESH:D101"): 1,
        ("MESH:D002", NAUSEA): 1,
        ("MESH:D004", NAUSEA): 2,
    }
    assert counts["marker"]["MESH:D001", NAUSEA] == 3
    assert counts["therapeutic"] == {("MESH:D001", NAUSEA): 1}


def test_subsets_are_named_as_rules_can_write_them() -> None:
    assert set(read_pairs("tiny_causes", folder=KB).counts) == {
        "", "marker", "therapeutic", "marker_mechanism",
    }  # fmt: skip


def test_short_numbers_are_documents_too() -> None:
    assert read_pairs("tiny_causes", folder=KB).counts["marker_mechanism"] == {
        ("MESH:D004", NAUSEA): 2
    }


def test_leak_guard_withholds_the_documents_being_labeled() -> None:
    found = read_pairs("tiny_causes", frozenset({"12", "14", "999"}), KB)
    assert found.withheld == 3
    assert found.counts[""] == {
        ("MESH:D001", NAUSEA): 2,
        ("MESH:D002", NAUSEA): 1,
        ("MESH:D004", NAUSEA): 2,
    }
    assert found.counts["therapeutic"] == {}


def test_terms_are_no_pairs() -> None:
    with pytest.raises(KnowledgeError) as raised:
        read_pairs("tiny_drugs", folder=KB)
    assert raised.value.code == "BL709"
