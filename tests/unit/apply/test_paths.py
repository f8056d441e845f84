from pathlib import Path

import pytest

from biolabel.apply.paths import edge_labels
from biolabel.lang import tree
from tests.unit.apply.world import PAIR, TAGGED, grammar, holds

SAID = grammar(
    "Lithium/NOUN/lithium nsubj caused; caused/VERB/cause ROOT; severe/ADJ/severe amod tremors;"
    "tremors/NOUN/tremor dobj caused; of/ADP/of prep tremors; hands/NOUN/hand pobj of;"
    "old/ADJ/old amod hands; not/PART/not neg caused"
)
TEXT = "{A=X:1: Lithium} caused severe {B=Y:1: tremors} of hands"
DEEP = "{A=X:1: Lithium} caused severe tremors of {B=Y:1: old} hands"


@pytest.fixture
def truth(tmp_path: Path):  # type: ignore[no-untyped-def]
    def of(condition: str, *texts: str, declared: str = "", task: str = PAIR) -> str:
        declared = TAGGED + declared
        return holds(tmp_path, condition, *texts, declared=declared, task=task, annotate=SAID)

    return of


@pytest.mark.parametrize(
    ("path", "sign"),
    [
        ("{a} <nsubj [lemma=cause] >dobj {b}", "+"),
        ("{a} <nsubj [lemma=cause] >dobj+ {b}", "+"),
        ("{b} <dobj >nsubj {a}", "+"),
        ("{a} <nsubj [lemma=produce] >dobj {b}", "-"),
        ("{a} <dobj [lemma=cause] >dobj {b}", "-"),
        ("{a} >nsubj [lemma=cause] >dobj {b}", "-"),
        ("{a} <(nsubj|nmod) verbs >(dobj|obl) {b}", "+"),
        ('{a} << "cause~" >> {b}', "+"),
        ('{a} << "caused" [pos=VERB] verbs >> {b}', "+"),
        ('{a} << >> "severe tremors" {b}', "+"),
        ('{a} << >> "severe" {b}', "-"),
        ("{a} <<? >>{2} adjectives <amod {b}", "+"),
        ("{a} <<* >>* {b}", "+"),
        ("{a} >>* {b}", "-"),
        ("verbs >nsubj {a}", "+"),
        (">nsubj {a} <<", "+"),
        ("verbs >neg []", "-"),
        ("{a} <nsubj >nsubj {a}", "+"),
        ("{a} << hit >> B", "+"),
    ],
)
def test_path_like(truth, path: str, sign: str) -> None:  # type: ignore[no-untyped-def]
    declared = (
        "list verbs\n  words: cause~\nlist adjectives\n  words: severe\npattern hit\n  is: verbs\n"
    )
    assert truth(f"path like {path}", TEXT, declared=declared) == sign


@pytest.mark.parametrize(
    ("edges", "sign"),
    [
        (">>+", "+"),
        (">>{4}", "+"),
        (">>{1,3}", "-"),
        (">>{2,}", "+"),
        (">>{5,}", "-"),
        (">>*", "+"),
    ],
)
def test_quantifiers_follow_four_edges(truth, edges: str, sign: str) -> None:  # type: ignore[no-untyped-def]
    assert truth(f"path like {{a}} <nsubj {edges} {{b}}", DEEP) == sign


def test_a_fifth_edge_is_not_followed_unless_asked_for(truth) -> None:  # type: ignore[no-untyped-def]
    text = "Lithium {A=X:1: caused} severe tremors of {B=Y:1: hands}"
    assert truth("path like {a} >>+ {b}", text) == "+"
    text = "{B=Y:1: old} {A=X:1: Lithium} caused severe tremors of hands"
    assert truth("path like {b} <<+ >nsubj {a}", text) == "+"
    assert truth("path like {b} << <<+ >nsubj {a}", text) == "+"
    assert truth("path like {b} <<{5} >nsubj {a}", text) == "-"


def test_path_length_and_region(truth) -> None:  # type: ignore[no-untyped-def]
    assert truth("path_length = 2 edges", TEXT, DEEP) == "+-"
    assert truth("path_length <= 4", TEXT, DEEP) == "+-"
    assert truth("path_length > 4", TEXT, DEEP) == "-+"
    assert truth('path has "caused"', TEXT, DEEP) == "++"
    assert truth("path has [lemma=tremor]", TEXT, DEEP) == "-+"
    assert truth("path has no [pos=NOUN]", TEXT, DEEP) == "+-"
    assert truth('path has "tremors of"', TEXT, DEEP) == "-+"
    assert truth("path has at least 4 []", TEXT, DEEP) == "-+"
    assert truth("path starts with [pos=VERB]", TEXT, DEEP) == "++"
    assert truth("path ends with [pos=VERB]", TEXT, DEEP) == "+-"
    assert truth("count([pos=NOUN]) in path = 2", TEXT, DEEP) == "-+"


def test_without_a_parse_all_is_unknown(truth, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    text = "{A=X:1: zinc} caused {B=Y:1: rash}"
    for condition in (
        "path like {a} <nsubj >dobj {b}",
        "not path like {a} <nsubj >dobj {b}",
        "path_length < 9",
        "path_length > 2",
        'path has "caused"',
        'path has no "caused"',
        'path starts with "caused"',
        'count("caused") in path = 0',
    ):
        assert truth(condition, text) == "?"
        assert holds(tmp_path, condition, text, declared=TAGGED) == "?"


def test_there_is_no_path_between_sentences(truth) -> None:  # type: ignore[no-untyped-def]
    text = "{A=X:1: Lithium} caused pain. Severe {B=Y:1: tremors} of hands"
    assert truth("path like {a} << >> {b}", text) == "-"
    assert truth('path has no "caused"', text) == "+"
    assert truth("path_length > 1", text) == "?"
    assert truth("path_length < 9", text) == "?"


def test_a_node_of_which_nothing_is_known(truth) -> None:  # type: ignore[no-untyped-def]
    text = "{A=X:1: Lithium} caused severe {B=Y:1: tremors}"
    said = grammar("Lithium nsubj caused; caused ROOT; tremors dobj caused")
    assert truth("path like {a} << [lemma=cause] >> {b}", text) == "+"
    for path, sign in [("{a} << [lemma=cause] >> {b}", "?"), ("{a} >> [lemma=cause] >> {b}", "-")]:
        folder = Path(truth.__closure__[0].cell_contents)
        found = holds(folder, f"path like {path}", text, declared=TAGGED, annotate=said)
        assert found == sign


def test_a_path_through_three_arguments(truth) -> None:  # type: ignore[no-untyped-def]
    task = """
relation r(a: A, b: B, c: C)
  labels: yes, none
  mentions: given
"""
    text = "{A=X:1: Lithium} {C=Z:1: caused} severe {B=Y:1: tremors} of hands"
    assert truth("path like {a} << {c} >dobj {b}", text, task=task) == "+"
    assert truth("path like {b} << {c} >dobj {a}", text, task=task) == "-"


def test_labels() -> None:
    assert edge_labels(tree.Edge("<<")) is None
    assert edge_labels(tree.Edge(">nsubj:pass")) == ["nsubj:pass"]
    assert edge_labels(tree.Edge("<(nsubj|dobj)")) == ["nsubj", "dobj"]
