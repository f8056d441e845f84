"""Conditions as trees."""

import pytest

from biolabel.errors import SourceFile
from biolabel.lang import tree
from biolabel.lang.parse import parse

A, B = tree.Name("a"), tree.Name("b")
X, Y = tree.Phrase("x"), tree.Phrase("y")
SENTENCE = tree.Region("sentence")
ADJACENT = tree.Adjacent()


def condition(text: str) -> tree.Condition:
    parsed, diagnostics = parse(SourceFile("f", f"biolabel 1\ncondition c for t\n  is: {text}\n"))
    assert diagnostics == ()
    declaration = parsed.declarations[0]
    assert isinstance(declaration, tree.ConditionDecl)
    assert declaration.condition is not None
    return declaration.condition


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('sentence has "x"', tree.Has(SENTENCE, X)),
        ('sentence has no "x" both ways', tree.Has(SENTENCE, X, negated=True, both_ways=True)),
        (
            'sentence has at least 2 different "x" both ways',
            tree.Has(SENTENCE, X, tree.Count("at least", 2, different=True), both_ways=True),
        ),
        ('document has exactly 1 "x"', tree.Has(tree.Region("document"), X, tree.Count("exactly", 1))),
        ('between starts with "x"', tree.Borders(tree.Region("between"), "starts", X)),
        ('a ends with "x" | "y"', tree.Borders(tree.Region("argument", A), "ends", tree.Alt((X, Y)))),
        (
            'before a within 1 word has "x"',
            tree.Has(tree.Region("before", A, tree.Window(1, "words")), X),
        ),
        ('around a has "x"', tree.Has(tree.Region("around", A), X)),
        ('section a has "x"', tree.Has(tree.Region("section", A), X)),
        ('meta a has "x"', tree.Has(tree.Region("meta", A), X)),
        ('path has "x"', tree.Has(tree.Region("path"), X)),
        ("adjacent", ADJACENT),
        ("a before b", tree.Order(A, "before", B)),
        ("a after b", tree.Order(A, "after", B)),
        ("a is b", tree.Is(A, B)),
        ("a is not b", tree.Is(A, B, negated=True)),
        ('a in b under "C" | "D"', tree.Member(A, B, ("C", "D"))),
        ("a not in b", tree.Member(A, B, negated=True)),
        ("same concept", tree.Same(tree.Name("concept"))),
        ("another a closer to b by 2", tree.Closer(A, B, 2.0)),
        ("another a closer to b", tree.Closer(A, B)),
        ("pair in a.b", tree.InKb(tree.Name("a.b"))),
        (
            "pair(a, b) not in a both ways with evidence >= 3",
            tree.InKb(A, (A, B), None, True, tree.Evidence(">=", 3), negated=True),
        ),
        ("distance < 10 words", tree.Compare(tree.Distance(), "<", tree.Quantity(10, "words"))),
        (
            "distance(a, b) >= 1 character",
            tree.Compare(tree.Distance((A, B)), ">=", tree.Quantity(1, "characters")),
        ),
        ("sentences_apart = 1", tree.Compare(tree.Measure("sentences_apart"), "=", tree.Quantity(1))),
        (
            "path_length != 3 edges",
            tree.Compare(tree.Measure("path_length"), "!=", tree.Quantity(3, "edges")),
        ),
        ("meta year > 2000", tree.Compare(tree.MetaValue(tree.Name("year")), ">", tree.Quantity(2000))),
        (
            'count("x") in title <= count("y")',
            tree.Compare(tree.CountOf(X, tree.Region("title")), "<=", tree.CountOf(Y)),
        ),
        ("section is not a | b", tree.SectionIs((A, B), negated=True)),
        (
            'path like {a} <nsubj "x" >>{1,3} b [] >(dobj|obl)+ {b}',
            tree.PathLike(
                (
                    tree.Arg("a"), tree.Edge("<nsubj"), X, tree.Edge(">>", 1, 3), tree.Ref(B),
                    tree.Token(None), tree.Edge(">(dobj|obl)", 1, None), tree.Arg("b"),
                )
            ),
        ),
        ("model a says b with score >= 80%", tree.ModelSays(A, B, tree.Score(">=", 0.8))),
        ("a fires", tree.Fires(A)),
        ("a votes none", tree.RuleVotes(A, tree.Name("none"))),
        ("any a voted b", tree.Voted(A, B)),
        ("at most 2 a voted b", tree.Voted(A, B, "at most", 2)),
        ('python "m:f"', tree.Python("m:f")),
        ("a", tree.CondRef(A)),
        ("a and b and adjacent", tree.And((tree.CondRef(A), tree.CondRef(B), ADJACENT))),
        (
            "a or b and not adjacent",
            tree.Or((tree.CondRef(A), tree.And((tree.CondRef(B), tree.Not(ADJACENT))))),
        ),
        ("at least 2 of (a, b)", tree.KOf("at least", 2, (tree.CondRef(A), tree.CondRef(B)))),
        ("none of (a, b)", tree.KOf("at most", 0, (tree.CondRef(A), tree.CondRef(B)))),
    ],
)  # fmt: skip
def test_conditions(text: str, expected: tree.Condition) -> None:
    assert condition(text) == expected
