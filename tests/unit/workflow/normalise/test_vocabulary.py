from pathlib import Path

import pytest

from biolabel.apply.norm.normalize import ANY
from biolabel.errors import KnowledgeError
from biolabel.kb.catalog import LookUp
from biolabel.workflow.corpora import Sources
from biolabel.workflow.normalise.run import normalise
from biolabel.workflow.normalise.vocabulary import named_vocabulary, vocabulary_of_rules

NO_ACRONYMS = LookUp(acronyms=False)
RULES = """biolabel 1

entity e
  labels: Disease

ontology ills
  from: tsv "ills.tsv"
  type: Disease
  ids: "MESH"
  drop: "gout"

ontology untyped
  from: tsv "ills.tsv"
  ids: "MESH"

rule r for e
  votes: Disease
  find: ills
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "ills.tsv"
    path.write_text("id\tname\nMESH:D1\tgout\nMESH:D2\tcold\nMESH:D2\tco\n")
    return path


def test_names_of_all_types_and_of_one(table: Path) -> None:
    found = named_vocabulary([str(table), f"Disease={table}"])
    books = found.books()
    assert set(books) == {ANY, "Disease"}
    assert books[ANY].names == ["gout", "cold", "co"]
    known = found.knowledge("Thing").ontologies
    assert [index.type for index in known.values()] == ["Thing", "Disease"]
    assert known["0"].ontology.names == {"MESH:D1": ("gout",), "MESH:D2": ("cold",)}


def test_an_entry_of_the_catalog_says_what_is_not_looked_for() -> None:
    (part,) = named_vocabulary(["Chemical=mesh_chemicals"]).parts
    lead, aspirin, enzyme = "MESH:D007854", "MESH:D001241", "MESH:D000251"
    sought = part.sought.ontology.names
    assert "lead" in part.ontology.names[lead]
    assert "lead" not in sought.get(lead, ())
    assert sought[aspirin] == part.ontology.names[aspirin]
    assert (enzyme in part.ontology.names, enzyme in sought) == (True, False)


def test_acronyms_count_where_they_are_defined(
    table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table.write_text("id\tname\nX:1\tgout\nX:1\tGT\nX:1\tGTT\n")
    monkeypatch.setattr("biolabel.workflow.normalise.vocabulary.LookUp", lambda: NO_ACRONYMS)
    (part,) = named_vocabulary([str(table)]).parts
    assert part.ontology.names["X:1"] == ("gout", "GT", "GTT")
    assert part.sought.ontology.names["X:1"] == ("gout",)


@pytest.mark.usefixtures("table")
def test_typed_ontologies_of_rules_with_their_filters(tmp_path: Path) -> None:
    (tmp_path / "a.rules").write_text(RULES)
    books = vocabulary_of_rules([tmp_path / "a.rules"]).books()
    assert set(books) == {"Disease"}
    assert books["Disease"].names == ["cold", "co"]


@pytest.mark.usefixtures("table")
def test_types_are_called_as_the_task_says(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "a.rules").write_text(RULES.replace('"ills', '"../ills'))
    toml = 'name = "a"\ntitle = "a"\n[types]\nModifier = "Disease"\n'
    (tmp_path / "task.toml").write_text(toml)
    text = "1|t|A cold\n1|a|and gout\n1\t2\t6\tcold\tModifier\t-1\n\n"
    (tmp_path / "a.pubtator").write_text(text)
    for place in (tmp_path, tmp_path / "rules" / "a.rules"):
        vocabulary = vocabulary_of_rules([place])
        assert vocabulary.types == {"Modifier": "Disease"}
        done = normalise(Sources([tmp_path / "a.pubtator"]), vocabulary, tmp_path / "o.tsv")
        assert (done.mentions, done.left) == (1, {})


@pytest.mark.usefixtures("table")
def test_what_has_no_names(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError) as caught:
        named_vocabulary(["Disease=ctd"])
    assert caught.value.code == "BL740"
    with pytest.raises(KnowledgeError) as caught:
        named_vocabulary(["mesh_disease"])
    assert caught.value.code == "BL701"
    (tmp_path / "a.rules").write_text(RULES.replace("  type: Disease\n", ""))
    with pytest.raises(KnowledgeError) as caught:
        vocabulary_of_rules([tmp_path / "a.rules"])
    assert caught.value.code == "BL740"
