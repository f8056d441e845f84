from pathlib import Path

import pytest

from biolabel.apply.knowledge import find_knowledge, load_knowledge
from biolabel.apply.ontologies import DEFAULT_VIA
from biolabel.errors import RuleError
from tests.unit.apply.world import PAIR, corpus, plan_of, votes_of, words_voted
from tests.unit.kb.formats import DESCRIPTORS, JSON, OBO, OWL, SUPPLEMENT, umls

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


TABLE = "id\tname\tother\tparents\trank\nX:1\tPain\tache\t\t1\nX:2\tHeadache\tHA\tX:1\t3\nX:3\tFall\t\t\t2\n"


def diagnosed(folder: Path, declared: str) -> list[tuple[str, str]]:
    """Return code and marked text of what is wrong with declarations."""
    path = folder / "test.rules"
    plan = plan_of(folder, RULE + declared)
    with pytest.raises(RuleError) as raised:
        load_knowledge(plan, frozenset(), folder=KB)
    text = path.read_text()
    return [(d.code, text[d.span.start : d.span.end]) for d in raised.value.diagnostics]


def test_tables_of_a_rule_file(tmp_path: Path) -> None:
    (tmp_path / "t.tsv").write_text(TABLE)
    source = 'ontology o\n  from: tsv "t.tsv"\n  columns: synonyms = "other"\n'
    assert names(tmp_path, source=source) == {
        "X:1": ("Pain", "ache"), "X:2": ("Headache", "HA"), "X:3": ("Fall",),
    }  # fmt: skip
    assert set(names(tmp_path, "where: rank >= 2", source=source)) == {"X:2", "X:3"}
    assert set(names(tmp_path, 'where: name != "Fall" and rank < 3', source=source)) == {"X:1"}
    assert set(names(tmp_path, 'under: "X:1"', source=source)) == {"X:1", "X:2"}
    assert set(names(tmp_path, 'not_under: "X:1"', source=source)) == {"X:3"}


def test_problems_stand_at_their_place_all_at_once(tmp_path: Path) -> None:
    (tmp_path / "t.tsv").write_text(TABLE)
    (tmp_path / "p.tsv").write_text("subject\tobject\nX:1\tX:2\n")
    assert diagnosed(
        tmp_path,
        'ontology missing\n  from: obo "no.obo"\n'
        'ontology wrong\n  from: tsv "t.tsv"\n  columns: id = "ID"\n'
        'ontology empty\n  from: tsv "t.tsv"\n  min_length: 99\n'
        'ontology fine\n  from: tsv "t.tsv"\n  type: B\n'
        'kb pairs\n  from: tsv "p.tsv"\n  expand: subject ancestors\n'
        'kb expanded\n  from: tsv "p.tsv"\n  pairs: B -> A\n  expand: object ancestors 2\n'
        'kb terms\n  from: mesh "t.tsv"\n'
        'rule y for r\n  votes: yes\n  when: a in fine under "X:7" or pair in parts.x\n'
        'kb parts\n  from: tsv "p.tsv"\n',
    ) == [
        ("BL703", 'obo "no.obo"'),
        ("BL402", 'tsv "t.tsv"'),
        ("BL403", "empty"),
        ("BL716", "subject ancestors"),
        ("BL716", "object ancestors 2"),
        ("BL709", 'mesh "t.tsv"'),
        ("BL710", 'a in fine under "X:7"'),
        ("BL711", "pair in parts.x"),
    ]


def test_what_can_be_read_is_read(tmp_path: Path) -> None:
    (tmp_path / "t.tsv").write_text(TABLE)
    (tmp_path / "p.tsv").write_text("subject\tobject\nX:1\tX:2\n")
    declared = (
        'ontology o\n  from: obo "no.obo"\n  type: A\nontology p\n  from: tsv "t.tsv"\n'
        'kb k\n  from: tsv "p.tsv"\n  pairs: A -> B\n  expand: subject ancestors\n'
    )
    found = find_knowledge(plan_of(tmp_path, RULE + declared), frozenset())
    assert set(found.knowledge.ontologies) == {"p"}
    # The kb cannot be expanded because the ontology is missing, and says so.
    assert {name: problem.code for name, problem in found.problems.items()} == {
        "o": "BL703", "k": "BL703",
    }  # fmt: skip


def test_pairs_expand_over_the_ontologies_of_their_types(tmp_path: Path) -> None:
    (tmp_path / "t.tsv").write_text(TABLE)
    (tmp_path / "p.tsv").write_text("subject\tobject\tn\nX:2\tY:1\t4\n")
    declared = (
        'ontology o\n  from: tsv "t.tsv"\n  type: A\n  drop: "pain", "ache"\n'
        'kb k\n  from: tsv "p.tsv"\n  columns: count = "n"\n  pairs: A -> B\n  complete: yes\n'
        "  expand: subject ancestors 1\n"
    )
    found = load_knowledge(plan_of(tmp_path, RULE + declared), frozenset()).pairs["k"]
    assert found.counts[""] == {("X:2", "Y:1"): 4, ("X:1", "Y:1"): 4}
    assert found.complete


def test_added_terms_need_to_be_identified(tmp_path: Path) -> None:
    declared = 'ontology o\n  add: "ASA" = "{}"\n'
    assert names(tmp_path, source=declared.format("X:1")) == {"X:1": ("ASA",)}
    assert names(tmp_path, 'ids: "X"', source=declared.format("1")) == {"X:1": ("ASA",)}
    assert diagnosed(tmp_path, declared.format("1")) == [("BL714", "o")]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('obo "x.obo"', ["anaemia:A", "aplastic:A", "anaemia:A"]),
        ('obo "x.json"\n  under: "X:4"', ["aplastic:A", "anaemia:A"]),
        (
            'owl "x.owl"\n  where: kind = "exact"\n  drop: "aplastic anaemia"',
            ["anaemia:A", "anaemia:A"],
        ),
        ('mesh "d.xml", "s.xml"\n  under: "D02"\n  where: tag != "TRD"', ["Aspirin:A"]),
        ('umls "META"\n  under: "T047"\n  where: source = "MSH"', ["anaemia:A", "anaemia:A"]),
        ('umls "META"\n  where: source = "SNOMEDCT_US" and rank >= 2\n  via: reorder', []),
        ('umls "META"\n  under: "T191"\n  via: fuzzy 0.9', ["neopplasm:A"]),
    ],
)
def test_every_format_votes(tmp_path: Path, source: str, found: list[str]) -> None:
    for name, text in {
        "x.obo": OBO, "x.json": JSON, "x.owl": OWL, "d.xml": DESCRIPTORS, "s.xml": SUPPLEMENT,
    }.items():  # fmt: skip
        (tmp_path / name).write_text(text)
    umls(tmp_path)
    plan = plan_of(
        tmp_path,
        f"entity e\n  labels: A\nontology o\n  from: {source}\n  type: A\n"
        "rule x for e\n  votes: found type\n  find: o\n",
    )
    over = corpus("Aspirin, Colfarit, anaemia or aplastic anaemia and neopplasm")
    _, votes = votes_of(plan, over, "e", load_knowledge(plan, frozenset()))
    assert words_voted(over, votes["x"]) == found


def test_old_identifiers_mean_the_current_ones_in_texts_and_knowledge_bases(tmp_path: Path) -> None:
    (tmp_path / "o.obo").write_text(
        "[Term]\nid: X:1\nname: rash\nalt_id: X:2\n\n[Term]\nid: X:9\nis_obsolete: true\nreplaced_by: X:1\n"
    )
    (tmp_path / "p.tsv").write_text("subject\tobject\nX:9\tY:1\n")
    rules = (
        f"{PAIR}ontology o\n  from: obo 'o.obo'\n  type: A\n".replace("'", '"')
        + 'kb k\n  from: tsv "p.tsv"\n  pairs: A -> B\n'
        "rule known for r\n  votes: yes\n  when: pair in k\n"
        "rule named for r\n  votes: yes\n  when: a in o\n"
    )
    plan = plan_of(tmp_path, rules)
    knowledge = load_knowledge(plan, frozenset())
    for old in ("X:1", "X:2", "X:9"):
        over = corpus(f"{{A={old}: rash}} and {{B=Y:1: ache}}")
        _, votes = votes_of(plan, over, "r", knowledge)
        assert (len(votes["known"]), len(votes["named"])) == (1, 1), old
    over = corpus("{A=X:3: rash} and {B=Y:1: ache}")
    _, votes = votes_of(plan, over, "r", knowledge)
    assert (len(votes["known"]), len(votes["named"])) == (0, 0)
