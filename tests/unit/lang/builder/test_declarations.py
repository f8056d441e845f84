"""Tasks, constraints and rules as trees."""

import pytest

from biolabel.errors import SourceFile
from biolabel.lang import tree
from biolabel.lang.parse import parse
from biolabel.lang.tree import Name

A, B = Name("a"), Name("b")


def declared(text: str) -> tree.Declaration:
    parsed, diagnostics = parse(SourceFile("f", f"biolabel 1\n{text}"))
    assert diagnostics == ()
    return parsed.declarations[0]


def rule(fields: str) -> tree.RuleDecl:
    found = declared(f"rule r for t\n{fields}")
    assert isinstance(found, tree.RuleDecl)
    return found


def test_tasks() -> None:
    assert declared("entity e\n  labels: A, B\n  unit: span\n  pick: many\n") == tree.EntityDecl(
        name=Name("e"), labels=(Name("A"), Name("B")), unit="span", pick="many"
    )
    assert declared("document d\n  labels: A\n  unit: sentence\n") == tree.DocumentDecl(
        name=Name("d"), labels=(Name("A"),), unit="sentence"
    )
    assert declared(
        "relation r(a: A | B, b: C)\n  labels: x\n  mentions: given\n  level: concept\n"
        "  order: text\n  when: adjacent\n"
    ) == tree.RelationDecl(
        name=Name("r"),
        arguments=(tree.Argument(A, (Name("A"), Name("B"))), tree.Argument(B, (Name("C"),))),
        labels=(Name("x"),),
        mentions=Name("given"),
        level="concept",
        order="text",
        when=tree.Adjacent(),
    )


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("sentence", tree.Scope("sentence")),
        ("document", tree.Scope("document")),
        ("section", tree.Scope("section")),
        ("3 sentences", tree.Scope("window", 3, "sentences")),
        ("50 words", tree.Scope("window", 50, "words")),
    ],
)
def test_scopes(text: str, scope: tree.Scope) -> None:
    found = declared(f"relation r(a: A, b: B)\n  scope: {text}\n")
    assert isinstance(found, tree.RelationDecl)
    assert found.scope == scope


def test_constraints() -> None:
    found = declared(
        "constraint c\n  if: every t is x and u(a, b) is not y or any v is z\n"
        "  then: t is none\n  strength: 90%\n"
    )
    every = tree.ConstraintTerm(Name("t"), Name("x"), "every")
    pair = tree.ConstraintTerm(Name("u"), Name("y"), None, (A, B), negated=True)
    some = tree.ConstraintTerm(Name("v"), Name("z"), "any")
    assert found == tree.ConstraintDecl(
        name=Name("c"),
        condition=tree.ConstraintOr((tree.ConstraintAnd((every, pair)), some)),
        consequence=tree.ConstraintTerm(Name("t"), Name("none")),
        strength=0.9,
    )
    never = declared("constraint c\n  never: t is x\n  strength: always\n")
    assert isinstance(never, tree.ConstraintDecl)
    assert never.strength == 1.0
    assert (
        parse(SourceFile("f", "biolabel 1\nconstraint c\n  strength: often\n"))[1][0].code
        == "BL012"
    )


def test_defaults_know_what_was_given() -> None:
    found = declared("defaults for t\n  precision: 0.7\n  group: a, b\n  status: draft\n")
    assert found == tree.DefaultsDecl(
        task=Name("t"), precision=0.7, group=(A, B), meta=tree.Meta(status="draft")
    )
    assert isinstance(found, tree.DefaultsDecl)
    assert "status" in found.meta.given


@pytest.mark.parametrize(
    ("text", "vote"),
    [
        ("a", tree.Vote("label", (A,))),
        ("not a", tree.Vote("not", (A,))),
        ("one of (a, b)", tree.Vote("one of", (A, B))),
        ("found type", tree.Vote("found type")),
        ("from model a", tree.Vote("from model", (A,))),
    ],
)
def test_votes(text: str, vote: tree.Vote) -> None:
    assert rule(f"  votes: {text}\n").votes == vote
    assert rule(f"  else: {text}\n").otherwise == vote


def test_conditions_cases_and_exceptions() -> None:
    found = rule(
        "  case: a when adjacent\n  case: not b when a\n  unless: a\n  unless: b\n  when: b\n"
    )
    assert found.cases == (
        tree.Case(tree.Vote("label", (A,)), tree.Adjacent()),
        tree.Case(tree.Vote("not", (B,)), tree.CondRef(A)),
    )
    assert found.unless == (tree.CondRef(A), tree.CondRef(B))
    assert found.when == tree.CondRef(B)


@pytest.mark.parametrize(
    ("text", "find"),
    [
        ('"x"', tree.FindPattern(tree.Phrase("x"))),
        (
            '"x" keep(a) via exact, plural in title',
            tree.FindPattern(
                tree.Seq((tree.Phrase("x"), tree.Keep(tree.Ref(A)))),
                (tree.Via("exact"), tree.Via("plural")),
                tree.Region("title"),
            ),
        ),
        ("model a", tree.FindModel(A)),
        ("model a with score >= 0.5", tree.FindModel(A, tree.Score(">=", 0.5))),
    ],
)
def test_find(text: str, find: tree.FindPattern | tree.FindModel) -> None:
    assert rule(f"  find: {text}\n").find == find


def test_examples() -> None:
    found = rule(
        '  matches: "a \\"b\\"" "c" with mesh ("x", "y") with year ("2000") => a\n'
        '  matches: "d"\n  rejects: "e"\n  todo_matches: "f"\n  todo_rejects: "g"\n'
    ).tests
    assert found.matches == (
        tree.Example('a "b"'),
        tree.Example("c", (("mesh", ("x", "y")), ("year", ("2000",))), A),
        tree.Example("d"),
    )
    assert [e.text for e in (*found.rejects, *found.todo_matches, *found.todo_rejects)] == [
        "e",
        "f",
        "g",
    ]
