"""Candidates against all tuples of mentions, filtered one by one."""

from dataclasses import replace
from itertools import combinations, pairwise, permutations, product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biolabel.apply.candidates import pair_candidates
from biolabel.data.mentions import given_mentions
from biolabel.lang import tree
from tests.property.reference import Mention, Page
from tests.unit.apply.world import corpus, plan_of

ARGUMENTS = {
    "a: A, b: A": ("A", "A"),
    "a: A | B, b: B": ("AB", "B"),
    "a: A, b: B, c: A | C": ("A", "B", "AC"),
}
PIECES = st.sampled_from([
    "x", "y", ". So", "||", "{A=X:1: a}", "{A=X:2: a}", "{A=X:1|X:3: a}", "{B=X:2: b}", "{B: b}",
    "{C=X:4: c}",
])  # fmt: skip
TEXTS = st.lists(st.lists(PIECES, min_size=2, max_size=9).map(" ".join), min_size=1, max_size=2)
SCOPES = st.sampled_from([
    tree.Scope("sentence"), tree.Scope("section"), tree.Scope("document"),
    tree.Scope("window", 2, "sentences"), tree.Scope("window", 1, "words"),
])  # fmt: skip


@pytest.fixture(scope="module", params=ARGUMENTS)
def relation(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> tree.RelationDecl:
    rules = (
        f"relation r({request.param})\n  labels: yes\n  scope: document\n  mentions: given\n"
        "rule x for r\n  votes: yes\n  when: same text\n"
    )
    folder: Path = tmp_path_factory.mktemp("rules")
    declaration = plan_of(folder, rules).tasks[0].declaration
    assert isinstance(declaration, tree.RelationDecl)
    return declaration


def within(page: Page, scope: tree.Scope, one: Mention, two: Mention) -> bool:
    """Return whether two mentions stand as near to each other as a scope asks."""
    first, second = one.rows[0], two.rows[0]
    if scope.kind == "section":
        return page.section(first) == page.section(second)
    apart = abs(page.sentence(first) - page.sentence(second))
    if scope.kind == "sentence" or scope.unit == "sentences":
        return apart < max(scope.number, 1) or scope.kind == "document"
    if scope.kind == "document":
        return True
    a, b = sorted([one.rows, two.rows])
    return page.words(a[1], b[0]) <= scope.number


@settings(max_examples=80, deadline=None)
@given(TEXTS, SCOPES, st.sampled_from(["free", "text"]), st.sampled_from(["concept", "mention"]))
def test_candidates(
    relation: tree.RelationDecl, texts: list[str], scope: tree.Scope, order: str, level: str
) -> None:
    declared = replace(relation, scope=scope, order=order, level=level)  # type: ignore[arg-type]
    over = corpus(*texts)
    found = pair_candidates(over, given_mentions(over), declared)
    listed = list(zip(found.doc.tolist(), *found.named(), strict=True))
    assert len(listed) == len(set(listed))
    wanted = set()
    types = [{name.text for name in argument.types} for argument in declared.arguments]
    for doc in range(len(texts)):
        page = Page(over, doc)
        for several in permutations(page.mentions, len(types)):
            fits = all(m.type in t for m, t in zip(several, types, strict=True))
            near = all(within(page, scope, a, b) for a, b in combinations(several, 2))
            forth = order == "free" or all(a.rows < b.rows for a, b in pairwise(several))
            if fits and near and forth:
                means = ([m.key] if level == "mention" else m.concepts for m in several)
                for names in product(*means):
                    if len(set(names)) == len(names):
                        wanted.add((doc, *names))
    assert set(listed) == wanted
