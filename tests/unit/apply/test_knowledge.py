from pathlib import Path

import pytest

from biolabel.apply.knowledge import DEFAULT_VIA, load_knowledge
from biolabel.errors import RuleError
from tests.unit.apply.world import PAIR, plan_of

KB = Path(__file__).resolve().parents[2] / "data" / "kb"
RULE = f"{PAIR}rule x for r\n  votes: yes\n  when: adjacent\n"
ONTOLOGY = 'ontology o\n  from: catalog "tiny_drugs"\n  type: A\n'


def names(folder: Path, *fields: str, source: str = ONTOLOGY) -> dict[str, tuple[str, ...]]:
    rules = RULE + source + "".join(f"  {field}\n" for field in fields)
    lists = 'list words\n  words: acid*, "salt~", "papain"\n'
    known = load_knowledge(plan_of(folder, rules + lists), frozenset(), folder=KB)
    return dict(known.ontologies["o"].ontology.names)


def test_all_names_of_all_tables(tmp_path: Path) -> None:
    assert len(names(tmp_path)) == 6
    both = 'ontology o\n  from: catalog "tiny_drugs", "tiny_diseases"\n'
    found = names(tmp_path, source=both)
    assert (found["MESH:D103"], found["OMIM:102"]) == (("Nausea",), ("Leukemia, plasmacytic",))
    assert len(found) == 11


def test_under_and_not_under(tmp_path: Path) -> None:
    assert set(names(tmp_path, 'under: "D01", "D02"')) == {"MESH:D001", "MESH:D002", "MESH:D005"}
    assert set(names(tmp_path, 'under: "D01"', 'not_under: "D27"')) == {"MESH:D005"}
    assert len(names(tmp_path, 'not_under: "D12", "D08.811"')) == 4
    assert set(names(tmp_path, 'under: "D001"')) == {"MESH:D001"}


def test_terms_are_dropped_by_length_word_and_list(tmp_path: Path) -> None:
    assert names(tmp_path, "min_length: 8")["MESH:D001"] == (
        "acetylsalicylic acid", "2-acetoxybenzoic acid",
    )  # fmt: skip
    assert names(tmp_path, 'drop: "Acetylsalicylic-Acid"')["MESH:D001"] == (
        "Aspirin", "2-acetoxybenzoic acid",
    )  # fmt: skip
    assert names(tmp_path, 'drop: "sodium *"')["MESH:D002"] == ("salt",)


def test_stop_words_are_whole_terms(tmp_path: Path) -> None:
    found = names(tmp_path, "stop: words")
    assert "MESH:D005" in found  # "salts of acids" is no form of "salt"
    assert found["MESH:D005"] == ("salts of acids",)
    assert found["MESH:D002"] == ("Sodium chloride",)
    assert found["MESH:D004"] == ("papainase",)
    assert found["MESH:D001"][1] == "acetylsalicylic acid"


def test_signs_in_stop_words_are_no_patterns(tmp_path: Path) -> None:
    assert len(names(tmp_path, 'drop: "[a-z]*", "?", "heparin?"')) == 6


def test_added_terms(tmp_path: Path) -> None:
    found = names(tmp_path, 'add: "ASA" = "D001", "new drug" = "D999"', 'under: "D02"')
    assert found["MESH:D001"][-1] == "ASA"
    assert found["MESH:D999"] == ("new drug",)


def test_ways_and_type(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, RULE + ONTOLOGY)
    index = load_knowledge(plan, frozenset(), folder=KB).ontologies["o"]
    assert (index.type, index.via) == ("A", DEFAULT_VIA)
    plan = plan_of(tmp_path, f"{RULE}{ONTOLOGY}  via: exact, reorder\n")
    assert load_knowledge(plan, frozenset(), folder=KB).ontologies["o"].via == ("exact", "reorder")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        (["min_length: 99"], "BL403"),
        (['under: "D01"', 'not_under: "D"'], "BL403"),
        (['under: "D77"'], "BL710"),
        (['not_under: "C04"'], "BL710"),
        (['ids: "CHEBI"'], "BL712"),
    ],
)
def test_ontologies_that_cannot_be_meant(tmp_path: Path, fields: list[str], code: str) -> None:
    with pytest.raises(RuleError) as raised:
        names(tmp_path, *fields)
    assert raised.value.code == code
    assert raised.value.files[str(tmp_path / "test.rules")].text


def test_bad_names_of_tables(tmp_path: Path) -> None:
    with pytest.raises(RuleError) as raised:
        names(tmp_path, source='ontology o\n  from: catalog "tiny_drug"\n')
    assert raised.value.code == "BL701"
    with pytest.raises(RuleError) as raised:
        names(tmp_path, source='ontology o\n  from: catalog "tiny_causes"\n')
    assert raised.value.code == "BL709"


def test_pairs_without_the_documents_at_hand(tmp_path: Path) -> None:
    kb = 'kb k\n  from: catalog "tiny_causes"\n  ids: "MESH"\n'
    plan = plan_of(tmp_path, RULE + kb)
    every = load_knowledge(plan, frozenset(), folder=KB).pairs["k"]
    fewer = load_knowledge(plan, frozenset({"11", "12"}), folder=KB).pairs["k"]
    assert every.counts[""]["MESH:D001", "MESH:D103"] == 4
    assert fewer.counts[""]["MESH:D001", "MESH:D103"] == 2
    assert fewer.withheld == 3
    with pytest.raises(RuleError) as raised:
        load_knowledge(plan_of(tmp_path, RULE + kb.replace("MESH", "X")), frozenset(), folder=KB)
    assert raised.value.code == "BL712"


def test_progress_is_shown_table_by_table(tmp_path: Path) -> None:
    seen: list[tuple[str, int]] = []

    def progress(items, *, name, total=None):  # type: ignore[no-untyped-def]
        for item in items:
            yield item
            seen.append((name, total))

    plan = plan_of(tmp_path, f'{RULE}{ONTOLOGY}kb k\n  from: catalog "tiny_causes"\n')
    load_knowledge(plan, frozenset(), progress, KB)
    assert seen == [("knowledge", 2)] * 2
