from pathlib import Path

import pytest

from biolabel.apply.knowledge import Knowledge
from biolabel.apply.ontologies import OntologyIndex
from biolabel.errors import KnowledgeError
from biolabel.kb.ontology import Ontology
from biolabel.kb.pairs import PairIndex
from tests.unit.apply.world import corpus, holds, pairs, plan_of, votes_of, words_voted

KB = 'kb k\n  from: catalog "k"\n  complete: yes\n'


def drugs() -> Knowledge:
    names = {"X:1": ("one",), "X:2": ("six",), "X:3": ("ten",)}
    trees = {"X:1": ("D01.100",), "X:2": ("D02",), "X:3": ()}
    return Knowledge({"o": OntologyIndex(Ontology(names, trees), "A", ("exact",))}, {})


def test_member(tmp_path: Path) -> None:
    declared = 'ontology o\n  from: catalog "o"\n  type: A\n'
    text = "{A=X:1: a} {A=X:2: b} {A=X:9: c} {B=Y:1: two}"
    for condition, signs in {
        "a in o": "++-",
        'a in o under "D01"': "+--",
        'a in o under "D01" | "D02"': "++-",
        'a in o under "D"': "++-",
        'a in o under "X:2"': "-+-",
        'a not in o under "D01"': "-++",
        "b in o": "???",
    }.items():
        shown = holds(tmp_path, condition, text, declared=declared, knowledge=drugs())
        assert (condition, shown) == (condition, signs)
    with pytest.raises(KnowledgeError) as raised:
        holds(tmp_path, 'a in o under "D03"', text, declared=declared, knowledge=drugs())
    assert raised.value.code == "BL710"


def test_spans_are_members_by_name(tmp_path: Path) -> None:
    rules = (
        'entity e\n  labels: A\nontology o\n  from: catalog "o"\n  type: A\n'
        "rule k for e\n  votes: A\n  find: [is_alpha]\n  when: span in o\n"
        'rule l for e\n  votes: A\n  find: [is_alpha]\n  when: span not in o under "D02"\n'
    )
    over = corpus("one two six")
    _, votes = votes_of(plan_of(tmp_path, rules), over, "e", drugs())
    assert words_voted(over, votes["k"]) == ["one:A", "six:A"]
    assert words_voted(over, votes["l"]) == ["one:A", "two:A"]


def test_pairs_with_evidence_and_parts(tmp_path: Path) -> None:
    one, six = ("X:1", "Y:1"), ("X:2", "Y:1")
    known = Knowledge({}, {"k": pairs(six, marker=[one, one, one], therapy=[one])})
    text = "{A=X:1: a} {A=X:2: b} {A=X:3: c} {B=Y:1: two}"
    for condition, signs in {
        "pair in k": "++-",
        "pair not in k": "--+",
        "pair in k.marker": "+--",
        "pair in k with evidence >= 2": "+--",
        "pair in k with evidence > 4": "---",
        "pair in k with evidence = 1": "-+-",
        "pair in k with evidence < 4": "-+-",
        "pair in k with evidence <= 4": "++-",
        "pair in k with evidence != 1": "+--",
        "pair in k.marker with evidence >= 3": "+--",
        "pair in k.therapy with evidence >= 2": "---",
        "pair(b, a) in k": "---",
        "pair(b, a) in k both ways": "++-",
        "pair in k both ways": "++-",
    }.items():
        shown = holds(tmp_path, condition, text, declared=KB, knowledge=known)
        assert (condition, shown) == (condition, signs)


@pytest.mark.parametrize(
    ("table", "hint"),
    [
        (pairs(marker=[("X:1", "Y:1")]), "did you mean `marker`?"),
        (pairs(treats=[("X:1", "Y:1")], helps=[]), "parts: helps, treats"),
        (pairs(("X:1", "Y:1")), "its table has no subset column"),
    ],
)
def test_unknown_parts(tmp_path: Path, table: PairIndex, hint: str) -> None:
    text = "{A=X:1: a} {B=Y:1: two}"
    with pytest.raises(KnowledgeError) as raised:
        holds(tmp_path, "pair in k.markr", text, declared=KB, knowledge=Knowledge({}, {"k": table}))
    assert (raised.value.code, raised.value.hint) == ("BL711", hint)


def test_concepts_of_other_identifiers_are_unknown(tmp_path: Path) -> None:
    declared = 'ontology o\n  from: catalog "o"\n  type: A\n'
    text = "{A=X:1: a} {A=Z:1: b} {A: c} {B=Y:1: two}"
    assert holds(tmp_path, "a in o", text, declared=declared, knowledge=drugs()) == "+?"
    assert holds(tmp_path, "a not in o", text, declared=declared, knowledge=drugs()) == "-?"


def test_obsolete_identifiers_mean_what_replaces_them(tmp_path: Path) -> None:
    declared = 'ontology o\n  from: catalog "o"\n  type: A\n'
    index = OntologyIndex(Ontology({"X:1": ("one",)}, replaced={"X:7": "X:1"}), "A", ("exact",))
    found = Knowledge({"o": index}, {})
    text = "{A=X:7: a} {A=X:8: b} {B=Y:1: two}"
    assert holds(tmp_path, "a in o", text, declared=declared, knowledge=found) == "+-"


def test_absence_is_known_but_for_other_identifiers(tmp_path: Path) -> None:
    text = "{A=X:1: a} {A=X:9: b} {A=Z:1: c} {B=Y:1: two} {B=Y:9: six}"
    table = pairs(("X:1", "Y:1"))
    known = Knowledge({}, {"k": table})
    assert holds(tmp_path, "pair in k", text, declared=KB, knowledge=known) == "+---??"
    assert holds(tmp_path, "pair not in k", text, declared=KB, knowledge=known) == "-+++??"
    assert holds(tmp_path, "not pair in k", text, declared=KB, knowledge=known) == "-+++??"
    complete = Knowledge({}, {"k": PairIndex(table.counts, complete=True)})
    assert holds(tmp_path, "pair in k", text, declared=KB, knowledge=complete) == "+-----"
