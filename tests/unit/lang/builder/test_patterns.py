"""Patterns as trees."""

import pytest

from biolabel.errors import SourceFile
from biolabel.lang import tree
from biolabel.lang.parse import parse


def pattern(text: str) -> tree.Pattern:
    parsed, diagnostics = parse(SourceFile("f", f"biolabel 1\npattern p\n  is: {text}\n"))
    assert diagnostics == ()
    declaration = parsed.declarations[0]
    assert isinstance(declaration, tree.PatternDecl)
    assert declaration.pattern is not None
    return declaration.pattern


A, B, C = tree.Phrase("a"), tree.Phrase("b"), tree.Phrase("c")
CAUSE = tree.TokenIs("lemma", ("cause",))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"a"', A),
        ('exact "NO"', tree.Exact("NO")),
        ('"a" "b" | "c"', tree.Alt((tree.Seq((A, B)), C))),
        ('"a" ("b" | "c")', tree.Seq((A, tree.Alt((B, C))))),
        ('(("a"))', A),
        ("/a\\/b\\d/is", tree.Regex(r"a/b\d", "is")),
        ("{chemical}", tree.Arg("chemical")),
        ("ns.words", tree.Ref(tree.Name("ns.words"))),
        ('"a" .. "b"', tree.Seq((A, tree.Gap(), B))),
        ('"a" ..5 "b"', tree.Seq((A, tree.Gap(0, 5), B))),
        ('"a" ..2-5 "b"', tree.Seq((A, tree.Gap(2, 5), B))),
        ('"a"?', tree.Repeat(A, 0, 1)),
        ('"a"*', tree.Repeat(A, 0, None)),
        ('"a"+', tree.Repeat(A, 1, None)),
        ('"a"{2}', tree.Repeat(A, 2, 2)),
        ('"a"{2,}', tree.Repeat(A, 2, None)),
        ('("a" "b"){1,3}', tree.Repeat(tree.Seq((A, B)), 1, 3)),
        ('use m("a", "b" | "c")', tree.Macro(tree.Name("m"), (A, tree.Alt((B, C))))),
        ('"a" keep("b")', tree.Seq((A, tree.Keep(B)))),
        ("[]", tree.Token(None)),
        ("[lemma=cause]", tree.Token(CAUSE)),
        ("[lemma=(cause|(induce))]", tree.Token(tree.TokenIs("lemma", ("cause", "induce")))),
        ('[tag="VBN"]', tree.Token(tree.TokenIs("tag", ("VBN",)))),
        (r"[text=/[A-Z]\/\d/i]", tree.Token(tree.TokenIs("text", (tree.Regex(r"[A-Z]/\d", "i"),)))),
        ("[text in l]", tree.Token(tree.TokenIn("text", tree.Name("l")))),
        (
            "[lemma=cause & !is_upper & like_num | is_alpha]",
            tree.Token(
                tree.TokenAny(
                    (
                        tree.TokenAll(
                            (
                                CAUSE,
                                tree.TokenNot(tree.TokenFlag("is_upper")),
                                tree.TokenFlag("like_num"),
                            )
                        ),
                        tree.TokenFlag("is_alpha"),
                    )
                )
            ),
        ),
    ],
)
def test_patterns(text: str, expected: tree.Pattern) -> None:
    assert pattern(text) == expected


@pytest.mark.parametrize("text", ['"a"{0}', '"a"{3,2}', '"a"{9}', '"a" ..5-2 "b"'])
def test_impossible_bounds(text: str) -> None:
    diagnostics = parse(SourceFile("f", f"biolabel 1\npattern p\n  is: {text}\n"))[1]
    assert [d.code for d in diagnostics] == ["BL307"]
