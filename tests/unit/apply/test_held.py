import os
import shutil
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from biolabel.apply import held
from biolabel.apply.knowledge import load_knowledge, tables_of
from biolabel.errors import RuleError
from biolabel.kb.catalog import entry
from biolabel.kb.mapped import MappedTexts
from biolabel.kb.ontology import Ontology
from biolabel.kb.pairs import Citations, PairIndex
from tests.unit.apply.world import plan_of

ONTOLOGY = Ontology(
    names={"M:1": ("pain", "ache"), "M:2": ("fever",)},
    trees={"M:1": ("C01", "C02.5"), "M:2": ("C02.50",)},
    parents={"M:2": ("M:1",)},
    types={"M:1": ("T047",)},
    replaced={"M:9": "M:1"},
    references={"M:1": ("X:4",)},
    kinds={"M:1": {"ache": "lay"}},
    obsolete=frozenset({"M:8", "M:9"}),
    prefix="M",
    omitted=3,
    remarks=("a circle",),
)
CITED = Citations(np.array([0, 2, 3]), np.array([0, 1, 1], dtype=np.int32), ("11", "12"))
PAIRS = PairIndex(
    {"": {("M:1", "D:2"): 2, ("M:2", "D:1"): 1}, "part": {("M:2", "D:1"): 1}},
    4,
    True,
    {"": CITED},
    frozenset({"77"}),
)
KB = Path(__file__).parents[2] / "data" / "kb"
RULES = """
list broad
  words: broad
ontology terms
  from: tsv "terms.tsv"
  columns: id = "id", name = "name"
  ids: "X"
  type: B
  stop: broad
kb pairs
  from: tsv "pairs.tsv"
  pairs: A -> B
  ids: "X"
  columns: subject = "subject", object = "object", evidence = "pmid"
document t
  labels: yes, other
rule x for t
  votes: yes
  when: document has terms
"""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BIOLABEL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(held, "LARGE", 1)
    return tmp_path / "cache" / "knowledge"


def test_no_field_is_missed() -> None:
    plain = Ontology({})
    assert all(getattr(ONTOLOGY, f.name) != getattr(plain, f.name) for f in fields(Ontology))
    plain_pairs = PairIndex({})
    assert all(
        getattr(PAIRS, f.name) != getattr(plain_pairs, f.name)
        for f in fields(PairIndex)
        if f.name != "ready"
    )


def test_an_ontology_comes_back() -> None:
    assert held.held_ontology("m") is None
    kept = held.hold_ontology("m", ONTOLOGY)
    again = held.held_ontology("m")
    assert again is not None
    for found in (kept, again):
        assert found == ONTOLOGY
        assert list(found.names.items()) == list(ONTOLOGY.names.items())
        for root in ("C", "C01", "C02", "C02.5", "C02.50", "M:1", "T047", "M:9"):
            assert found.under([root]) == ONTOLOGY.under([root])
        assert found.above == ONTOLOGY.above
    assert held.held_ontology("other") is None


def test_pairs_come_back() -> None:
    kept, again = held.hold_pairs("m", "kb", PAIRS), held.held_pairs("m")
    assert again is not None
    for found in (kept, again):
        assert found.prefixes == PAIRS.prefixes == {"M", "D"}
        assert {part: dict(pairs) for part, pairs in found.counts.items()} == PAIRS.counts
        assert (found.withheld, found.complete, found.withheld_from) == (4, True, frozenset({"77"}))
        assert found.cited(("M:1", "D:2")) == ("11", "12")
        assert found.cited(("M:2", "D:1"), "part") == ()
        for part in PAIRS.counts:
            one, other = found.columns("kb", part), PAIRS.columns("kb", part)
            assert (one.subjects, one.objects) == (other.subjects, other.objects)
            for column in ("subject", "object", "evidence"):
                assert getattr(one, column).tolist() == getattr(other, column).tolist()
                assert getattr(one, column).dtype == getattr(other, column).dtype


def test_small_ones_are_not_kept(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "LARGE", 100)
    assert held.hold_ontology("m", ONTOLOGY) is ONTOLOGY
    assert held.hold_pairs("m", "kb", PAIRS) is PAIRS
    assert not cache.exists()


@pytest.mark.parametrize("damage", [b"", b"ARROW1"])
def test_a_damaged_file_is_made_again(cache: Path, damage: bytes) -> None:
    held.hold_ontology("m", ONTOLOGY)
    (file,) = cache.iterdir()
    file.unlink()  # it is mapped: what reads it must not lose its pages
    file.write_bytes(damage)
    assert held.held_ontology("m") is None
    assert held.held_pairs("m") is None
    held.hold_ontology("m", ONTOLOGY)
    assert held.held_ontology("m") == ONTOLOGY


def test_what_is_kept_of_pairs_is_no_ontology() -> None:
    held.hold_pairs("m", "kb", PAIRS)
    assert held.held_ontology("m") is None


def test_a_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("BIOLABEL_CACHE", str(tmp_path / "file"))
    assert held.hold_ontology("m", ONTOLOGY) is ONTOLOGY


def test_reading_again_takes_what_is_kept(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "terms.tsv").write_text("id\tname\nX:1\trash\nX:1\tbroad\n", encoding="utf-8")
    (tmp_path / "pairs.tsv").write_text("subject\tobject\tpmid\nX:2\tX:1\tP5\n", encoding="utf-8")
    plan = plan_of(tmp_path, RULES)
    first, again = (load_knowledge(plan, frozenset()) for _ in range(2))
    assert len(list(cache.iterdir())) == 2
    for found in (first, again):
        assert isinstance(found.ontologies["terms"].ontology.names, MappedTexts)
        assert found.ontologies["terms"].ontology.names == {"X:1": ("rash",)}
        assert found.pairs["pairs"].counts[""] == {("X:2", "X:1"): 1}
        assert list(found.ontologies["terms"].terms(("exact",)).keys) == ["rash"]
    guarded = load_knowledge(plan, frozenset({"P5"})).pairs["pairs"]
    assert (guarded.counts[""], guarded.withheld) == ({}, 1)

    (tmp_path / "terms.tsv").write_text("id\tname\nX:1\titch\n", encoding="utf-8")
    names = load_knowledge(plan, frozenset()).ontologies["terms"].ontology.names
    assert names == {"X:1": ("itch",)}
    wider = plan_of(tmp_path, RULES.replace("words: broad", "words: itch"))
    with pytest.raises(RuleError) as raised:
        load_knowledge(wider, frozenset())
    assert raised.value.code == "BL403"
    (tmp_path / "terms.tsv").unlink()
    with pytest.raises(RuleError) as raised:
        load_knowledge(plan, frozenset())
    assert raised.value.code == "BL703"


def test_a_table_that_changed_after_it_was_kept_is_refused(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(KB, tmp_path / "kb")
    monkeypatch.setattr("biolabel.kb.catalog.root", lambda _: tmp_path / "kb")
    rules = RULES.replace('tsv "terms.tsv"', 'catalog "tiny_diseases"')
    rules = rules.replace('  columns: id = "id", name = "name"\n  ids: "X"\n', "", 1)
    (tmp_path / "pairs.tsv").write_text("subject\tobject\tpmid\nX:2\tX:1\tP5\n", encoding="utf-8")
    plan = plan_of(tmp_path, rules)
    load_knowledge(plan, frozenset())
    assert len(list(cache.iterdir())) == 2
    table = tmp_path / "kb" / "tiny_diseases" / entry("tiny_diseases").file
    kept, changed = table.read_bytes(), table.stat().st_mtime_ns + 1
    # Of the same size, and with the same number of rows.
    table.write_bytes(kept.replace(b"e", b"i"))
    os.utime(table, ns=(changed, changed))
    for read in (lambda: load_knowledge(plan, frozenset()), lambda: tables_of(plan)):
        with pytest.raises(RuleError) as raised:
            read()
        assert raised.value.code == "BL704"
    table.write_bytes(kept)
    os.utime(table, ns=(changed + 1, changed + 1))
    assert load_knowledge(plan, frozenset()).ontologies["terms"].ontology.names
