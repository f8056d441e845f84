"""Tests of words and dependency paths against the reference, on random trees with random gaps."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biolabel.apply.candidates import pair_candidates
from biolabel.apply.columns import lift
from biolabel.apply.conditions import evaluator
from biolabel.apply.knowledge import Knowledge
from biolabel.apply.scene import Scene
from biolabel.apply.terms import TermFinder
from biolabel.compile.plan import Plan
from biolabel.data.corpus import Corpus
from biolabel.data.documents import Document
from biolabel.data.mentions import given_mentions
from biolabel.data.rows import rows_of
from biolabel.lang import tree
from biolabel.text.build import Annotation
from biolabel.text.projection import Tokens
from tests.property.random_rules import (
    ARGUMENTS,
    BREAK,
    OPERATORS,
    RELATIONS,
    TEXTS,
    arguments,
    combined,
    names,
    relation,
    truth,
)
from tests.property.reference.grammar import Grammar
from tests.unit.apply.world import corpus, plan_of

DECLARED = """
list l
  words: a, b*, x y
rule x for r
  votes: yes
  when: adjacent
"""


@pytest.fixture(scope="module", params=RELATIONS)
def plan(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Plan:
    return plan_of(tmp_path_factory.mktemp("rules"), RELATIONS[request.param] + DECLARED)


def parsed(texts: Sequence[str], seed: int) -> Corpus:
    """Return documents with random lemmas and tags, some missing, and trees, some documents without."""
    dice = random.Random(seed)

    def annotate(document: Document) -> Annotation:
        text = document.text
        spans = rows_of(text)[0].tolist()
        n = len(spans)
        order = dice.sample(range(n), n)
        heads = [-1] * n
        for place, row in enumerate(order):
            near = [r for r in order[:place] if BREAK not in text[min(spans[r][0], spans[row][0]):
                    max(spans[r][1], spans[row][1])]]  # fmt: skip
            heads[row] = dice.choice([*near[-2:], *near[-1:] * 5, -1]) if near else -1
        has_tree = dice.random() < 0.85
        tokens = Tokens(
            tuple(start for start, _ in spans),
            tuple(end for _, end in spans),
            tuple(dice.choice(["a", "b", "ab", ""]) for _ in spans),
            tuple(dice.choice(["N", "V", "V"]) for _ in spans),
            tuple("" for _ in spans),
            tuple(dice.choice("xxxyz") if has_tree else "" for _ in spans),
            tuple(heads) if has_tree else (-1,) * n,
        )
        starts = tuple(i + 1 for i, sign in enumerate(text) if sign == BREAK)
        return Annotation(starts, (), (tokens,))

    return corpus(*texts, annotate=annotate)


TESTS: st.SearchStrategy[tree.TokenTest] = st.recursive(
    st.sampled_from([
        tree.TokenIs("lemma", ("a",)),
        tree.TokenIs("lemma", ("B", tree.Regex("^ab"))),
        tree.TokenIs("pos", ("v",)),
        tree.TokenIs("dep", ("x", "y")),
        tree.TokenIs("ent", ("A",)),
        tree.TokenIs("text", ("c",)),
        tree.TokenIn("lemma", tree.Name("l")),
        tree.TokenIn("text", tree.Name("l")),
        tree.TokenFlag("is_upper"),
        tree.TokenFlag("is_sent_start"),
    ]),
    lambda parts: st.one_of(
        st.builds(tree.TokenNot, parts),
        st.lists(parts, min_size=2, max_size=2).map(lambda found: tree.TokenAll(tuple(found))),
        st.lists(parts, min_size=2, max_size=2).map(lambda found: tree.TokenAny(tuple(found))),
    ),
    max_leaves=3,
)  # fmt: skip
WORDS: st.SearchStrategy[tree.Pattern] = st.one_of(
    TESTS.map(tree.Token),
    st.sampled_from([tree.Token(None), tree.Phrase("a"), tree.Phrase("a b"), tree.Phrase("x c")]),
    names("l", "A", "B").map(tree.Ref),
)
PATTERNS: st.SearchStrategy[tree.Pattern] = st.one_of(
    WORDS,
    st.tuples(WORDS, WORDS | ARGUMENTS.map(lambda name: tree.Arg(name.text))).map(tree.Seq),
    st.tuples(WORDS, st.just(tree.Gap(0, 2)), WORDS).map(tree.Seq),
    st.tuples(WORDS, WORDS).map(tree.Alt),
    WORDS.map(lambda part: tree.Repeat(part, 1, None)),
)
REGIONS = st.sampled_from([
    tree.Region("sentence"), tree.Region("document"), tree.Region("between"), tree.Region("path"),
    tree.Region("path"),
])  # fmt: skip
EDGES = st.builds(
    lambda text, bounds: tree.Edge(text, *bounds),
    st.sampled_from(["<x", ">x", "<(x|y)", ">(y|z)", "<<", ">>", "<<", ">>"]),
    st.sampled_from([(1, 1), (0, 1), (0, None), (1, None), (2, 3), (2, None)]),
)
NODES = st.one_of(
    TESTS.map(tree.Token),
    st.sampled_from([tree.Arg("a"), tree.Arg("b"), tree.Arg("b"), tree.Phrase("a b")]),
    names("l", "A", "B").map(tree.Ref),
)
PARTS = st.one_of(
    st.lists(EDGES | NODES, min_size=1, max_size=5).map(tuple),
    st.tuples(st.just(tree.Arg("a")), EDGES, st.just(tree.Arg("b"))),
    st.tuples(st.just(tree.Arg("a")), EDGES, EDGES, st.just(tree.Arg("b"))),
    st.tuples(st.just(tree.Arg("a")), TESTS.map(tree.Token), EDGES),
    st.tuples(st.just(tree.Arg("a")), EDGES, NODES, EDGES, st.just(tree.Arg("b"))),
)
COUNTS = st.builds(
    tree.Count, st.sampled_from(["at least", "at most"]), st.integers(0, 3), st.booleans()
)
ATOMS = st.one_of(
    st.builds(tree.PathLike, PARTS),
    st.builds(tree.PathLike, PARTS),
    st.builds(tree.Has, REGIONS, PATTERNS, st.none(), st.booleans(), st.booleans()),
    st.builds(tree.Has, REGIONS, PATTERNS, COUNTS),
    st.builds(tree.Borders, REGIONS, st.sampled_from(["starts", "ends"]), PATTERNS),
    st.builds(
        tree.Compare,
        st.just(tree.Measure("path_length")),
        OPERATORS,
        st.integers(0, 4).map(lambda number: tree.Quantity(float(number))),
    ),
    st.builds(
        tree.Compare,
        st.builds(tree.CountOf, PATTERNS, REGIONS),
        OPERATORS,
        st.builds(tree.CountOf, PATTERNS, REGIONS),
    ),
)
CONDITIONS = st.recursive(ATOMS, combined, max_leaves=3)


@settings(max_examples=150, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=2), st.integers(0, 1000), CONDITIONS)
def test_grammar(plan: Plan, texts: list[str], seed: int, condition: tree.Condition) -> None:
    over = parsed(texts, seed)
    scene = Scene(over, plan, TermFinder(over, Knowledge({}, {})), given_mentions(over))
    found = pair_candidates(over, scene.mentions, relation(plan))
    column = lift(evaluator(scene, found.frame, {}, {}).column(condition), found.frame)
    for i in range(found.frame.n_candidates):
        reference = Grammar(over, int(found.doc[i]), plan, arguments(found, i))
        assert truth(column, i) is reference.holds(condition), arguments(found, i)
