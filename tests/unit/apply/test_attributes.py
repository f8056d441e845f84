from pathlib import Path

import pytest

from biolabel.apply.attributes import unsure, word_test
from biolabel.apply.columns import Column
from biolabel.lang import tree
from tests.unit.apply.world import (
    TAGGED,
    TOPIC,
    World,
    corpus,
    found_texts,
    grammar,
    holds,
    ontology,
    plan_of,
    shown,
    world,
)

SAID = grammar(
    "Lithium/PROPN/lithium/NNP nsubj caused; caused/VERB/cause/VBD ROOT; severe/ADJ/severe/JJ amod "
    "tremors; tremors/NOUN/tremor/NNS dobj caused"
)
TEXT = "Lithium caused severe tremors (NO)."


def here(folder: Path, text: str = TEXT, declared: str = "") -> World:
    rules = f'{TAGGED}{TOPIC}{declared}rule x for t\n  votes: yes\n  when: document has "x"\n'
    return world(plan_of(folder, rules), corpus(text, annotate=SAID))


def signs_of(folder: Path, test: str, text: str = TEXT, declared: str = "") -> str:
    """Return a sign a word: + passes, - fails, ? unknown."""
    rules = f"{TAGGED}{TOPIC}{declared}rule x for t\n  votes: yes\n  when: document has [{test}]\n"
    found = world(plan_of(folder, rules), corpus(text, annotate=SAID))
    condition = found.plan.tasks[-1].rules[0].when
    assert isinstance(condition, tree.Has)
    assert isinstance(condition.pattern, tree.Token)
    assert condition.pattern.test is not None
    return shown(word_test(found.scene, condition.pattern.test))


@pytest.mark.parametrize(
    ("test", "signs"),
    [
        # Lithium caused severe tremors ( NO ) .
        ("lemma=cause", "-+--????"),
        ('lemma="CAUSE"', "-+--????"),
        ("lemma=(tremor|cause)", "-+-+????"),
        ("lemma=/^t/", "---+????"),
        ("pos=NOUN", "---+????"),
        ('tag="VBD"', "-+--????"),
        ("dep=ROOT", "-+--????"),
        ("dep=/subj|obj/", "+--+????"),
        ("lemma in l", "-+-+????"),
        ("text in l", "---+-+--"),
        ("lower in l", "---+----"),
        ("pos=VERB | is_upper", "-+--?+??"),
        ("pos=VERB & is_upper", "-----?--"),
        ("!pos=VERB", "+-++-?--"),
        ("!is_upper", "++++----"),
        ("is_title", "+-------"),
        ("is_sent_start", "+-------"),
        ("is_sent_end", "-------+"),
        ("is_bracket", "----+-+-"),
        ("is_punct", "----+-++"),
        ("is_stop", "-----+--"),
        ("text=/^[A-Z]/", "+----+--"),
        ("shape=XX", "-----+--"),
    ],
)
def test_tests(tmp_path: Path, test: str, signs: str) -> None:
    declared = "list l\n  case: smart\n  words: cause, trem*, NO, severe pain\n"
    assert signs_of(tmp_path, test, declared=declared) == signs


@pytest.mark.parametrize(
    ("flag", "passing"),
    [
        ("is_alpha", ["naïve", "the"]),
        ("is_ascii", ["12.5", "the", "[", "$", "5mg"]),
        ("is_bracket", ["["]),
        ("is_currency", ["$"]),
        ("is_digit", []),
        ("is_stop", ["the"]),
        ("like_num", ["12.5"]),
        ("is_lower", ["naïve", "the", "5mg"]),
        ("is_punct", ["[", "$"]),
    ],
)
def test_flags(tmp_path: Path, flag: str, passing: list[str]) -> None:
    assert found_texts(tmp_path, f"[{flag}]", "naïve 12.5 the [ $ 5mg") == passing


def test_a_word_inside_a_mention(tmp_path: Path) -> None:
    text = "{A: acute renal} failure, {B: rash} and {A: pain}"
    texts = found_texts(tmp_path, "[ent=A]+", text, declared="entity e\n  labels: A, B\n")
    assert texts == ["acute", "acute renal", "renal", "pain"]
    assert found_texts(tmp_path, "[!ent=B]", text, declared="entity e\n  labels: A, B\n") == [
        "acute", "renal", "failure", "and", "pain",
    ]  # fmt: skip


def test_without_any_mention_the_type_is_unknown(tmp_path: Path) -> None:
    declared = "entity e\n  labels: A, B\n"
    for condition in ("document has [ent=A]", "document has no [ent=A]"):
        assert holds(tmp_path, condition, "rash", task=TOPIC, declared=declared) == "?"
    found = holds(
        tmp_path, "document has no [ent=A]", "rash", "{B: rash}", task=TOPIC, declared=declared
    )
    assert found == "++"


def test_lemmas_in_an_ontology(tmp_path: Path) -> None:
    declared = 'ontology o\n  from: catalog "x"\n  type: A\n'
    rules = (
        f"{TAGGED}{TOPIC}{declared}rule x for t\n  votes: yes\n  when: document has [lemma in o]\n"
    )
    from biolabel.apply.knowledge import Knowledge

    known = Knowledge({"o": ontology({"X:1": ["Tremor", "severe pain"]})}, {})
    found = world(plan_of(tmp_path, rules), corpus(TEXT, annotate=SAID), known)
    test = tree.TokenIn("lemma", tree.Name("o"))
    assert shown(word_test(found.scene, test)) == "---+????"


def test_only_what_depends_on_the_unknown_is_unknown(tmp_path: Path) -> None:
    def truth(condition: str, *texts: str) -> str:
        return holds(tmp_path, condition, *texts, task=TAGGED + TOPIC, annotate=SAID)

    # In the second text nothing is known of `rest`, in the third of no word.
    texts = ("Lithium caused tremors", "Lithium caused rest", "nothing")
    assert truth("document has [lemma=cause]", *texts) == "++?"
    assert truth("document has [lemma=tremor]", *texts) == "+??"
    assert truth("document has no [lemma=tremor]", *texts) == "-??"
    assert truth("not document has [lemma=tremor]", *texts) == "-??"
    assert truth('document has [lemma=tremor] "x"', *texts) == "---"
    assert truth('document has "caused" [pos=NOUN]', *texts) == "+?-"
    assert truth("document has at least 1 [pos=VERB]", *texts) == "++?"
    assert truth("document has at least 2 [pos=VERB]", *texts) == "-?-"
    assert truth("document has exactly 1 [pos=VERB]", *texts) == "+??"
    assert truth("document has at most 1 [pos=VERB]", *texts) == "+?+"
    assert truth("count([pos=VERB]) >= 1", *texts) == "+??"
    assert truth("document ends with [pos=NOUN]", *texts) == "+??"
    assert truth("document starts with [pos=NOUN]", *texts) == "--?"
    assert truth("count([pos=VERB]) > count([dep=dobj]) in document", *texts) == "-??"


def test_scopes_of_contexts_are_unknown_where_their_cues_are(tmp_path: Path) -> None:
    said = grammar("no/DET; lacks/VERB/lack; but/CCONJ/but; pain/NOUN/pain; aa/X/a; bb/X/b; x/X/x")
    declared = (
        "context denied\n  cues_before: [pos=DET] | [lemma=lack]\n  stop_at: [pos=CCONJ]\n"
        "  pseudo: [pos=DET] [pos=NOUN]\n"
    )
    texts = [
        f"{{A=X:1: aa}} {words} {{B=Y:1: bb}}"
        for words in ("x", "unheard", "no x", "lacks", "lacks but x", "no pain", "lacks unheard x",
                      "no unheard x", "lacks but unheard")
    ]  # fmt: skip
    rules = TAGGED + declared
    assert holds(tmp_path, "b is denied", *texts, declared=rules, annotate=said) == "-?++--???"
    assert holds(tmp_path, "b is not denied", *texts, declared=rules, annotate=said) == "+?--++???"


def test_unsure(tmp_path: Path) -> None:
    found = here(tmp_path)
    known = world(found.plan, corpus("Lithium caused tremors", annotate=SAID))
    for attribute in ("lemma", "pos", "tag", "dep"):
        test = tree.Token(tree.TokenNot(tree.TokenIs(attribute, ("x",))))
        assert unsure(found.scene, tree.Seq((tree.Phrase("x"), test)))
        assert not unsure(known.scene, test)
    assert not unsure(found.scene, tree.Token(tree.TokenIs("text", ("x",))))
    assert unsure(found.scene, tree.Token(tree.TokenIn("ent", tree.Name("l"))))


def test_columns_are_three_valued(tmp_path: Path) -> None:
    found = word_test(here(tmp_path).scene, tree.TokenIs("lemma", ("cause",)))
    assert isinstance(found, Column)
    assert found.true.dtype == found.known.dtype == bool
    assert not (found.true & ~found.known).any()
