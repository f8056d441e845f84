import shutil
from pathlib import Path

import pytest

from biolabel.errors import KnowledgeError
from biolabel.kb.named import named
from biolabel.workflow.knowledge.listing import Listed, Size
from biolabel.workflow.knowledge.look import search_all, show_concept, show_source

KB = Path(__file__).resolve().parents[3] / "data" / "kb"


def test_a_search_asks_all_ontologies() -> None:
    found = search_all("heart failure", folder=KB)
    assert [(m.kb, m.concept) for m in found.matches] == [("tiny_diseases", "MESH:D101")]
    assert (found.asked, found.left_out) == (("tiny_diseases", "tiny_drugs"), {})


def test_a_search_in_one(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("id\tname\nX:1\tHeart failure\n")
    path = str(tmp_path / "a.tsv")
    assert [m.concept for m in search_all("heart", [path], folder=KB).matches] == ["X:1"]
    with pytest.raises(KnowledgeError) as raised:
        search_all("heart", ["tiny_causes"], folder=KB)
    assert raised.value.code == "BL709"


def test_what_is_missing_is_said_and_the_rest_is_asked(tmp_path: Path) -> None:
    shutil.copytree(KB, tmp_path / "kb")
    (tmp_path / "kb" / "tiny_drugs" / "drugs.tsv").unlink()
    found = search_all("nausea", folder=tmp_path / "kb")
    assert [m.concept for m in found.matches] == ["MESH:D103"]
    assert found.left_out["tiny_drugs"].startswith("BL703")
    with pytest.raises(KnowledgeError):
        search_all("nausea", ["tiny_drugs"], folder=tmp_path / "kb")


def test_a_broken_entry_is_said_and_the_rest_is_asked(tmp_path: Path) -> None:
    shutil.copytree(KB, tmp_path / "kb")
    (tmp_path / "kb" / "tiny_drugs" / "kb.toml").write_text("name =")
    found = search_all("nausea", folder=tmp_path / "kb")
    assert [m.concept for m in found.matches] == ["MESH:D103"]
    assert found.left_out["tiny_drugs"].startswith("BL702")
    shown = show_concept(named("tiny_diseases", folder=tmp_path / "kb"), "D103", tmp_path / "kb")
    assert shown.left_out["tiny_drugs"].startswith("BL702")
    assert shown.partners


def test_a_concept_with_its_pairs() -> None:
    shown = show_concept(named("tiny_drugs", folder=KB), "D001", KB)
    assert shown.card is not None
    assert (shown.concept, shown.name) == ("MESH:D001", "Aspirin")
    (partner,) = shown.partners
    assert (partner.kb, partner.side, partner.concept, partner.name) == (
        "tiny_causes", "object", "MESH:D103", "Nausea",
    )  # fmt: skip
    assert (partner.parts, partner.count) == (("marker", "therapeutic"), 4)
    assert partner.documents == ("11", "12", "13", "14")


def test_a_concept_of_a_table_of_pairs() -> None:
    shown = show_concept(named("tiny_causes", folder=KB), "D103", KB)
    assert (shown.card, shown.name) == (None, "Nausea")
    assert [(p.concept, p.name, p.side, p.count) for p in shown.partners] == [
        ("MESH:D001", "Aspirin", "subject", 4),
        ("MESH:D004", "Papain", "subject", 2),
        ("MESH:D002", "Sodium chloride", "subject", 1),
    ]
    with pytest.raises(KnowledgeError) as raised:
        show_concept(named("tiny_causes", folder=KB), "D999", KB)
    assert raised.value.code == "BL731"


def test_sources(tmp_path: Path) -> None:
    listed = show_source(named("tiny_drugs", folder=KB), KB)
    assert isinstance(listed, Listed)
    assert listed.entry is not None
    assert listed.entry.title == "A few drugs, made for the tests"
    (tmp_path / "a.tsv").write_text("id\tname\nX:1\tHeart failure\n")
    assert show_source(named(str(tmp_path / "a.tsv"))) == Size(concepts=1, names=1)
