"""Single words in patterns and lists."""

from collections.abc import Callable

import pytest

from biolabel.errors import Span
from biolabel.lang import tree
from biolabel.lang.check.words import check_phrase, check_regex, check_speed, check_word_test

NODE = tree.Phrase("x")


@pytest.mark.parametrize(
    ("text", "pattern", "in_list"),
    [
        ("due to", [], []),
        ("caus*", [], []),
        ("*induced", [], []),
        ("cause~ of", [], []),
        ("Parkinson disease", [], []),
        ("beta-blocker", [], []),
        ("%", [], []),
        ("(", [], []),
        ("ca*", ["BL304"], ["BL304"]),
        ("*", ["BL304"], ["BL304"]),
        ("NO", ["BL306"], []),
        ("mRNA", ["BL306"], []),
        ("X", ["BL306"], []),
        ("-induced", ["BL308"], []),
        ("post-", ["BL308"], []),
        ("in*ced", ["BL309"], ["BL309"]),
        ("~cause", ["BL309"], ["BL309"]),
        ("", ["BL310"], ["BL310"]),
        ("- /", ["BL310"], ["BL310"]),
        ("~", ["BL310"], ["BL310"]),
    ],
)
def test_phrases(text: str, pattern: list[str], in_list: list[str]) -> None:
    assert [d.code for d in check_phrase(text, NODE, in_list=False)] == pattern
    assert [d.code for d in check_phrase(text, NODE, in_list=True)] == in_list


def regex(pattern: str, flags: str = "") -> list[tuple[str, int]]:
    written = f"x /{pattern.replace('/', chr(92) + '/')}/{flags}"
    node = tree.Regex(pattern, flags, span=Span("f", 2, len(written)))
    return [(d.code, d.span.start) for d in (*check_regex(node), *check_speed(node))]


@pytest.mark.parametrize(
    ("pattern", "flags", "expected"),
    [
        (r"\b[A-Z]{2}\d+\b", "", []),
        ("(?i)toxic", "", []),
        ("a.b", "is", []),
        ("[[a]", "", []),
        ("induc[a-z+", "", [("BL301", 8)]),
        ("induc[a-z+", "i", [("BL301", 8)]),
        ("a/(b", "", [("BL301", 6)]),
        ("a**", "", [("BL301", 5)]),
        ("a{99999999999}", "", [("BL301", 2)]),
        ("(" * 3000 + ")" * 3000, "", [("BL301", 2)]),
        ("(?<=not )cause", "", [("BL305", 2)]),
        (r"(a)\1", "", [("BL305", 2)]),
    ],
)
def test_regexes(pattern: str, flags: str, expected: list[tuple[str, int]]) -> None:
    assert regex(pattern, flags) == expected


def test_word_tests() -> None:
    def codes(node: tree.Node, **pipeline: str) -> list[str]:
        steps = {name: (value,) for name, value in pipeline.items()}
        return [d.code for d in check_word_test(node, steps, frozenset({"Disease"}))]

    assert codes(tree.TokenIs("lemma", ("x",))) == ["BL404"]
    assert codes(tree.TokenIs("lemma", ("x",)), tagger="off") == ["BL404"]
    assert codes(tree.TokenIs("lemma", ("x",)), tagger="scispacy") == []
    assert codes(tree.TokenIs("dep", ("x",)), tagger="spacy") == ["BL404"]
    assert codes(tree.PathLike(()), parser="spacy") == []
    assert codes(tree.TokenIs("lema", ("x",))) == ["BL113"]
    assert codes(tree.TokenFlag("like_num")) == []
    assert codes(tree.TokenFlag("like_number")) == ["BL113"]
    assert codes(tree.TokenIs("ent", ("Disease", "Gene"))) == ["BL114"]
    assert codes(tree.TokenIs("text", (tree.Regex("[a-"),))) == []


def test_regexes_in_word_tests_may_look_around(
    findings: Callable[[str], list[tuple[str, str]]],
) -> None:
    rule = "rule r for topic\n  votes: other\n  when: title has "
    assert findings(f"{rule}[text=/[a-/]\n") == [("BL301", "[")]
    assert findings(f"{rule}[text=/(?<=x)y/]\n") == []
    assert findings(f"{rule}/(?<=x)y/\n") == [("BL305", "/(?<=x)y/")]
