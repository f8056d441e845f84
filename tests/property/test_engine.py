"""The engine against the plain reference, on random documents, patterns and conditions."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biolabel.apply.candidates import pair_candidates
from biolabel.apply.columns import lift
from biolabel.apply.conditions import evaluator
from biolabel.apply.patterns import Matcher
from biolabel.apply.said import Said, said_of_cases
from biolabel.apply.scene import Frame, Side
from biolabel.apply.votes import cases_of, votes_of_cases
from biolabel.compile.plan import CasePlan, Plan
from biolabel.lang import tree
from tests.property.random_rules import (
    ATOMS,
    BOUNDS,
    CONDITIONS,
    DECLARED,
    EXTRA,
    GAPS,
    KNOWN,
    PATTERNS,
    REGIONS,
    RELATIONS,
    TEXTS,
    UNITS,
    Extra,
    arguments,
    relation,
    scene_of,
    truth,
)
from tests.property.reference import Mention, Page, Reference
from tests.property.reference.rules import RuleReference
from tests.unit.apply.world import plan_of


@pytest.fixture(scope="module", params=RELATIONS)
def plan(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Plan:
    return plan_of(tmp_path_factory.mktemp("rules"), RELATIONS[request.param] + DECLARED)


@settings(max_examples=100, deadline=None)
@given(TEXTS, EXTRA)
def test_candidates(plan: Plan, text: str, extra: Extra) -> None:
    scene = scene_of(plan, [text], extra)
    declared = relation(plan)
    found = pair_candidates(scene.corpus, scene.mentions, declared)
    page = Page(scene.corpus, 0)
    pairs = [
        (a, b)
        for a in page.mentions
        for b in page.mentions
        if (a.type, b.type) == ("A", "B")
        and (declared.scope.kind == "document" or page.together({"a": a, "b": b}))
    ]
    if declared.level == "mention":
        wanted = {(a.key, b.key) for a, b in pairs}
    else:
        wanted = {(c, d) for a, b in pairs for c in a.concepts for d in b.concepts if c != d}
    listed = [tuple(arguments(found, i).values()) for i in range(found.frame.n_candidates)]
    assert len(listed) == len(set(listed))
    assert set(listed) == wanted


@settings(max_examples=250, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=2), EXTRA, CONDITIONS)
def test_conditions(plan: Plan, texts: list[str], extra: Extra, condition: tree.Condition) -> None:
    scene = scene_of(plan, texts, extra)
    found = pair_candidates(scene.corpus, scene.mentions, relation(plan))
    column = lift(evaluator(scene, found.frame, {}, {}).column(condition), found.frame)
    for i in range(found.frame.n_candidates):
        reference = Reference(scene.corpus, int(found.doc[i]), plan, arguments(found, i), KNOWN)
        assert truth(column, i) is reference.holds(condition), arguments(found, i)


FREE = UNITS.filter(lambda found: not isinstance(found, tree.Arg))
BETWEEN = st.lists(FREE | GAPS, max_size=3)
BOTH = st.builds(
    lambda before, between, after, order: tree.Seq(
        (*before, tree.Arg(order[0]), *between, tree.Arg(order[1]), *after)
    ),
    BETWEEN,
    BETWEEN,
    BETWEEN,
    st.sampled_from(["ab", "ba"]),
)
"""Sequences that name both arguments, which are joined at their mentions."""
SPARSE: st.SearchStrategy[tree.Condition] = st.builds(
    tree.Has, REGIONS, BOTH, st.none(), st.booleans(), st.booleans()
) | st.sampled_from([tree.Same(tree.Name("sentence")), tree.Adjacent()])
SEVERAL: st.SearchStrategy[list[tree.Condition]] = st.lists(ATOMS | SPARSE, min_size=2, max_size=4)
SOME: st.SearchStrategy[tree.Condition] = st.one_of(
    ATOMS,
    SPARSE,
    ATOMS.map(tree.Not),
    SEVERAL.map(lambda found: tree.Or(tuple(found))),
    st.builds(tree.KOf, BOUNDS, st.integers(0, 3), SEVERAL.map(tuple)),
)
MANY = st.lists(SOME, min_size=3, max_size=5)
"""Parts of a conjunction that differ in what they are asked of, and so in when they are asked."""


@settings(max_examples=150, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=2), EXTRA, MANY, st.booleans(), st.randoms())
def test_the_order_of_parts(
    plan: Plan,
    texts: list[str],
    extra: Extra,
    parts: list[tree.Condition],
    negated: bool,
    random: Random,
) -> None:
    """However a conjunction is written and in whatever order it is asked, it means the same."""
    scene = scene_of(plan, texts, extra)
    found = pair_candidates(scene.corpus, scene.mentions, relation(plan))
    frame = found.frame
    condition: tree.Condition = tree.And(tuple(parts))
    turned = random.sample(parts, len(parts))
    nested: tree.Condition = tree.And((tree.And(tuple(turned[1:])), turned[0]))
    if negated:
        condition, nested = tree.Not(condition), tree.Not(nested)
    columns = [evaluator(scene, frame, {}, {}).column(each) for each in (condition, nested)]
    assert columns[0].true.tolist() == columns[1].true.tolist()
    assert columns[0].known.tolist() == columns[1].known.tolist()
    lifted = lift(columns[0], frame)
    for i in range(frame.n_candidates):
        reference = Reference(scene.corpus, int(found.doc[i]), plan, arguments(found, i), KNOWN)
        assert truth(lifted, i) is reference.holds(condition), arguments(found, i)


@settings(max_examples=250, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=2), EXTRA, PATTERNS, st.booleans())
def test_patterns(
    plan: Plan, texts: list[str], extra: Extra, pattern: tree.Pattern, whole: bool
) -> None:
    scene = scene_of(plan, texts, extra)
    found = pair_candidates(scene.corpus, scene.mentions, relation(plan))
    frame = found.frame
    matches = Matcher(scene, frame, whole_concept=whole).find(pattern)
    for i in range(frame.n_candidates):
        reference = Reference(scene.corpus, int(found.doc[i]), plan, arguments(found, i))
        low, high = reference.document
        rows = (frame.candidate == i).nonzero()[0]
        places = list(zip(matches.first, matches.end, matches.owner, strict=True))
        for row in rows.tolist():
            mine = {(int(f), int(e)) for f, e, o in places if o in (-1, row) and low <= f < high}
            pair = {name: meant(reference, frame, side, row) for name, side in frame.sides.items()}
            assert mine == reference.matches(pattern, pair, whole)


def meant(reference: Reference, frame: Frame, side: Side, row: int) -> Mention:
    """Return the mention of a row of the frame, with the concept that it means there."""
    mention = next(m for m in reference.mentions if m.number == side.mention[row])
    concept = int(side.concept[row])
    return replace(mention, concept=None if concept < 0 else frame.concepts[concept])


CASES = st.lists(st.tuples(st.sampled_from(["yes", "none"]), CONDITIONS), min_size=1, max_size=2)


@settings(max_examples=100, deadline=None)
@given(TEXTS, CASES, st.none() | CONDITIONS, st.booleans(), st.sampled_from(["yes", "none"]))
def test_votes(
    plan: Plan,
    text: str,
    cases: list[tuple[str, tree.Condition]],
    unless: tree.Condition | None,
    otherwise: bool,
    label: str,
) -> None:
    """What a rule votes, and what another rule that asks for its vote hears."""
    scene = scene_of(plan, [text])
    found = pair_candidates(scene.corpus, scene.mentions, relation(plan))
    task, labels = plan.tasks[0].task, plan.tasks[0].task.labels
    bits = {name: 1 << labels.index(name) for name in labels}
    rule = replace(
        plan.tasks[0].rules[0],
        when=None,
        cases=tuple(CasePlan(bits[name], when) for name, when in cases),
        unless=() if unless is None else (unless,),
        otherwise=bits["none"] if otherwise else None,
    )
    said_by: dict[str, Said] = {}
    judge = evaluator(scene, found.frame, said_by, {})
    judged = cases_of(rule, judge, {})
    said_by["x"] = said_of_cases(judged, rule.otherwise, found.frame, {}, task)
    votes = votes_of_cases(judged, rule.otherwise, found.frame, exclusive=task.exclusive)
    masks = dict(zip(votes.candidate.tolist(), votes.mask.tolist(), strict=True))
    behind = dict(zip(votes.candidate.tolist(), map(tuple, votes.evidence.tolist()), strict=True))
    fires = lift(judge.column(tree.Fires(tree.Name("x"))), found.frame)
    asks = lift(judge.column(tree.RuleVotes(tree.Name("x"), tree.Name(label))), found.frame)
    for i in range(found.frame.n_candidates):
        reference = Reference(scene.corpus, 0, plan, arguments(found, i), KNOWN)
        rule_of = RuleReference(reference, tuple(cases), unless, "none" if otherwise else None)
        assert masks.get(i, 0) == bits.get(rule_of.vote() or "", 0)
        assert i not in masks or behind[i] == rule_of.evidence()
        assert truth(fires, i) is rule_of.fires()
        assert truth(asks, i) is rule_of.votes(label)
