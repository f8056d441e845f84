from pathlib import Path

import pytest

from tests.unit.apply.world import (
    PAIR,
    TOPIC,
    corpus,
    document,
    found_texts,
    holds,
    plan_of,
    world,
)


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ('"due to"', "Due to rest, due-to, due (to), due\nto.", ["Due to", "due-to", "due\nto"]),
        ('"treat*"', "Treated, a treat, retreat.", ["Treated", "treat"]),
        ('"*emia"', "Anemia, emia, emias.", ["Anemia", "emia"]),
        ('"*ox*"', "Toxic, ox, hypoxia, tic.", ["Toxic", "ox", "hypoxia"]),
        (
            '"cause~"',
            "Cause causes caused causing causal.",
            ["Cause", "causes", "caused", "causing"],
        ),
        ('"in * of"', "In case of (in of), in ( of.", ["In case of"]),
        ('"5-HT"', "The 5 HT, 5-ht and 5HT.", ["5 HT", "5-ht"]),
        ('"1,5"', "At 1,5 or 1, 5.", ["1,5"]),
        ('"p <"', "With P < 1.", ["P <"]),
        ('exact "NO"', "No NO, no.", ["NO"]),
        ('exact "5-HT"', "A 5-HT and 5-ht.", ["5-HT"]),
        ('exact "Me*"', "Mexico, mexico, Me.", ["Mexico", "Me"]),
    ],
)
def test_phrases(tmp_path: Path, pattern: str, text: str, found: list[str]) -> None:
    assert found_texts(tmp_path, pattern, text) == found


def test_phrases_end_with_the_sentence_and_the_document(tmp_path: Path) -> None:
    assert found_texts(tmp_path, '"a b"', "Of a. B or a b", "B a", "b") == ["a b"]
    assert found_texts(tmp_path, '"a b"', "x a || b a") == []


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("[]", "A-b (c).", ["A", "b", "c"]),
        ("[is_upper]", "AB Ab ab (.", ["AB"]),
        ("[!is_upper]", "AB Ab ab (.", ["Ab", "ab"]),
        ("[!(!is_upper)]", "AB Ab ab (.", ["AB"]),
        ("[is_punct]", "a (b), c-d.", ["(", ")", ",", "."]),
        ("[!is_punct]", "a (b).", ["a", "b"]),
        ("[is_alpha & !is_lower]", "Ab ab A1", ["Ab"]),
        ("[is_digit | is_title]", "12 1.5 Ab", ["12", "Ab"]),
        ("[like_num]", "12 1.5 1,000 five Half 5HT HT", ["12", "1.5", "1,000", "five", "Half"]),
        ('[text="ab"]', "AB ab abc", ["AB", "ab"]),
        ("[lower=(ab|c)]", "AB c abc", ["AB", "c"]),
        ("[text=/^[A-Z]{2}\\d+$/]", "SR123 Sr123 SR", ["SR123"]),
        ("[lower=/emia$/]", "ANEMIA emias", ["ANEMIA"]),
        ("[text=/^ab/i]", "ABc abc cab", ["ABc", "abc"]),
        ("[shape=Xxx]", "Abc ABC abc", ["Abc"]),
        ("[shape=dddd]", "12 123456 1234", ["123456", "1234"]),
        ("[text in names]", "Beta alphas ALPHAS gamma ray", ["Beta", "alphas", "ALPHAS"]),
        ("[text in strict]", "Beta beta Alphas", ["Beta", "Alphas"]),
        ("[!(lower in names) & is_alpha]", "beta ray 1", ["ray"]),
    ],
)
def test_tokens(tmp_path: Path, pattern: str, text: str, found: list[str]) -> None:
    declared = (
        'list names\n  words: beta, alpha~, gamma ray, "--x"\n'
        "list strict\n  case: exact\n  words: Beta, Al*\n"
    )
    assert found_texts(tmp_path, pattern, text, declared=declared) == found


@pytest.mark.parametrize(
    ("case", "found"),
    [
        ("fold", ["Mg", "mg", "Iron", "iron", "LITHIUM", "lithium"]),
        ("exact", ["Mg", "Iron", "LITHIUM"]),
        ("smart", ["Mg", "mg", "Iron", "iron", "LITHIUM", "lithium"]),
    ],
)
def test_case_of_lists(tmp_path: Path, case: str, found: list[str]) -> None:
    declared = f"list l\n  words: Mg, Iron, LITHIUM\n  case: {case}\n"
    text = "Mg mg Iron iron LITHIUM lithium"
    assert found_texts(tmp_path, "l", text, declared=declared) == found


def test_smart_case_keeps_short_acronyms(tmp_path: Path) -> None:
    declared = "list l\n  words: NO, cAMP, Iron, no data\n  case: smart\n"
    text = "NO no cAMP CAMP iron No Data"
    assert found_texts(tmp_path, "l", text, declared=declared) == ["NO", "cAMP", "iron", "No Data"]


def test_lists_of_files_and_lists(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("# a comment\nalpha beta\n\n gamma* \n", encoding="utf-8")
    declared = 'list l\n  words: delta\n  include: m\nlist m\n  file: "words.txt"\n'
    text = "Alpha-beta gammas delta alpha"
    assert found_texts(tmp_path, "l", text, declared=declared) == ["Alpha-beta", "gammas", "delta"]


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ('"a" "b"', "a b, a, b, a (b, a-b, a b", ["a b", "a-b", "a b"]),
        ('"a" ..2 "b"', "a b a x b a x y b a x y z b", ["a b", "a x b", "a x y b"]),
        ('"a" ..1-2 "b"', "a b. A (x) b.", ["A (x) b"]),
        ('"a" ..0 "b"', "a, (b a x b", ["a, (b"]),
        ('"a" .. "b"', "a x y z u v w b. A. B", ["a x y z u v w b"]),
        ('"a" ..1 ..1 "b"', "a x y b", ["a x y b"]),
        ('"a" ("x" | "y")? "b"', "a b a x b a y b a z b", ["a b", "a x b", "a y b"]),
        ('"a" "x"* "b"', "a x x b", ["a x x b"]),
        ('"a" "x"* "b"', "a" + " x" * 9 + " b", []),
        ('"a" "x"+ "b"', "a b. A x b.", ["A x b"]),
        ('"x"{2}', "x x x", ["x x", "x x"]),
        ('"x"{2,}', "x x x", ["x x", "x x x", "x x"]),
        ('"x"{1,2}', "x x", ["x", "x x", "x"]),
        ('("a" | "b"?) "c"', "c", ["c"]),
        ('("a"? "b"?) "c"', "a b c", ["a b c", "b c", "c"]),
        ('("a"? "b"?){2} "c"', "b a c", ["b a c", "a c", "c"]),
        ('"a" ..2 "x"? "b"', "a y b a y x b", ["a y b", "a y x b"]),
        ('"a" ..1 "x"? ..1 "b"', "a y z b", ["a y z b"]),
        ('"a" (..1 "b")', "a y b", ["a y b"]),
        ('("a" "b" | "a") "b"', "a b b", ["a b", "a b b"]),
        ('"a" "b" | "b" | "b"', "a b", ["a b", "b"]),
        ('"a" "x"? "x"? "b"', "a x b", ["a x b"]),
    ],
)
def test_sequences(tmp_path: Path, pattern: str, text: str, found: list[str]) -> None:
    assert found_texts(tmp_path, pattern, text) == found


def test_named_patterns_and_parameters(tmp_path: Path) -> None:
    declared = (
        'list l\n  words: one, two\npattern p\n  is: "a" l\n'
        'pattern q(x, y)\n  is: x ..1 (y | p)\npattern s(x)\n  is: use q(x, "z")\n'
    )
    text = "k a two; k z; k - a one"
    found = ["k a two", "k z", "k - a one"]
    assert found_texts(tmp_path, 'use s("k")', text, declared=declared) == found


def test_entity_types_are_their_mentions(tmp_path: Path) -> None:
    assert holds(
        tmp_path,
        'sentence has A "induced" B',
        "{A=X:1: One} induced {B=Y:1: two}.",
        "{A=X:1: One} and {A=X:2: big iron}-induced {B=Y:1: two}.",
        "One induced {B=Y:1: two} by {A=X:1: one}.",
    ) == ("+++-")


def test_arguments_are_those_of_the_candidate(tmp_path: Path) -> None:
    text = "{A=X:1: One} by {B=Y:1: two}, {A=X:2: three} by {B=Y:2: four}."
    assert holds(tmp_path, 'sentence has {a} "by" {b}', text) == "+--+"
    assert holds(tmp_path, 'sentence has {b} ..3 "by" {b}', text) == "----"
    assert holds(tmp_path, "sentence has {a} .. {b}", text) == "++-+"
    assert holds(tmp_path, "sentence has {b} .. {a}", text) == "--+-"


def test_optional_arguments_and_alternatives_of_both_kinds(tmp_path: Path) -> None:
    text = "{A=X:1: One} by {B=Y:1: two}, {A=X:2: three} of {B=Y:2: four}."
    assert holds(tmp_path, 'sentence has {a}? "of" {b}', text) == "-+-+"
    assert holds(tmp_path, 'sentence has ({a} | "x" | "three") "of" {b}', text) == "-+-+"
    assert holds(tmp_path, 'sentence has ({a} | "x") "of"', text) == "--++"


def test_in_a_document_an_argument_is_every_mention_of_its_concept(tmp_path: Path) -> None:
    text = "{A=X:1: One}. By {B=Y:1|Y:2: two}. {A=X:1: Uno} helps."
    assert holds(tmp_path, 'document has {a} "helps"', text) == "++"
    assert holds(tmp_path, 'sentence has {a} "helps"', text) == "--"
    assert holds(tmp_path, "title has {b}", text.replace("By", "|| By")) == "--"
    assert holds(tmp_path, "abstract has {b}", text.replace("By", "|| By")) == "++"


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ('"c" ..1', ["c", "c (", "c (d"]),
        ('"c" ..1-1', ["c (d"]),
        ('..1-1 "c"', ["b c"]),
        ('..2-9 "c"', ["a b c"]),
        ('..1 "b" ..0', ["a b", "b"]),
        ('"b"? ..1-1 "c"', ["b c"]),
        ('("a" | ..1-1) "c"', ["b c"]),
        ('"a" ("c" | ..1-1) "c"', ["a b c"]),
        ("..4-4", ["a b c (d"]),
        ('("a" ..1-1){2}', []),
        ('(..1-1 "b" | ..2-2 "c")', ["a b", "a b c"]),
        ('"d" ..1-1', []),
        ('..1-1 "x"', []),
        ("..5-5", []),
    ],
)
def test_gaps_at_the_border(tmp_path: Path, pattern: str, found: list[str]) -> None:
    assert found_texts(tmp_path, pattern, "a b c (d", "x || y") == found


def test_gaps_at_the_border_of_a_region(tmp_path: Path) -> None:
    text = "{A=X:1: One} was given, then {B=Y:1: two}."
    assert holds(tmp_path, 'between ends with "given" ..1', text) == "+"
    assert holds(tmp_path, 'between ends with "was" ..1', text) == "-"
    assert holds(tmp_path, 'between starts with ..1-1 "given"', text) == "+"
    assert holds(tmp_path, "between starts with {a} ..", text) == "-"
    assert holds(tmp_path, "sentence starts with {a} ..3-3 {b}", text) == "+"
    assert holds(tmp_path, 'sentence has exactly 3 ("then" ..)', text) == "+"
    assert holds(tmp_path, 'sentence has exactly 2 ("then" ..)', text) == "-"


def test_a_gap_behind_a_mention_that_leaves_its_sentence_is_empty(tmp_path: Path) -> None:
    text = "See {A=X:1: Vit. D} {B=Y:1: rises} now."
    assert holds(tmp_path, "a starts with {a} ..", text) == "+"
    assert holds(tmp_path, "a starts with {a} ..1-2", text) == "-"


def test_a_gap_does_not_cross_the_document(tmp_path: Path) -> None:
    assert found_texts(tmp_path, '"a" .. "b"', "x a", "b x") == []


def test_a_mention_across_sentences_is_found_where_it_starts(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path, f"{PAIR}rule x for r\n  votes: yes\n  when: sentence has {{a}} {{b}}\n"
    )
    here = world(plan, corpus("{A=X:1: Vit. D} {B=Y:1: rises}."))
    assert len(here.scene.corpus.sentence_doc) == 2
    assert here.judge().column(plan.tasks[0].rules[0].when).true.tolist() == [False]  # type: ignore[arg-type]


def test_marked_documents_are_what_they_look_like() -> None:
    found = document("{A=X:1|X:2: One} x || y {B: two}")
    assert found.text == "One x y two"
    assert [(found.text[m.start : m.end], m.concepts) for m in found.mentions] == [
        ("One", ("X:1", "X:2")),
        ("two", ()),
    ]


def test_phrases_at_the_ends_of_sentences_and_texts(tmp_path: Path) -> None:
    texts = ["a b. c", "b", "c a. b c"]
    assert holds(tmp_path, 'document has "b c" | "z"', *texts, task=TOPIC) == "--+"
    assert holds(tmp_path, 'document has "a b" | "b c a"', *texts, task=TOPIC) == "+--"
    assert holds(tmp_path, 'document has ("b" | "a b" | "z*") "c"', *texts, task=TOPIC) == "--+"
