"""Entity rules against the plain reference: which spans they find, and what they vote on them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biolabel.apply.scene import Scene
from biolabel.apply.spans import entity_votes
from biolabel.apply.terms import TermFinder
from biolabel.compile.gaps import can_be_empty
from biolabel.compile.plan import FindPlan, Plan
from biolabel.data.mentions import joined
from biolabel.lang import tree
from biolabel.lang.walk import nodes
from tests.property.random_rules import KNOWLEDGE, TEXTS, corpus, longer, names
from tests.property.reference import Mention, Reference, Rows
from tests.unit.apply.world import PAIR, plan_of

RULES = f"""{PAIR}
list l
  words: a b, c*, no
entity e
  labels: A, B
rule x for e
  votes: A
  find: "a"
"""
UNITS = st.one_of(
    st.sampled_from(["a", "b", "c*", "*a", "a b", "no", ","]).map(tree.Phrase),
    st.sampled_from(["A", "a", "U"]).map(tree.Exact),
    st.just(tree.Token(None)),
    names("l").map(tree.Ref),
)
PARTS = st.recursive(UNITS, longer, max_leaves=4).filter(
    # A gap at the border of `find:` is another matter: `tests/unit/apply/test_spans.py`.
    lambda found: not can_be_empty(found) and not any(isinstance(n, tree.Gap) for n in nodes(found))
)
SPAN = tree.Name("span")
REGIONS = st.one_of(
    st.builds(
        tree.Region,
        st.sampled_from(["before", "after", "around"]),
        st.just(SPAN),
        st.none() | st.integers(0, 2).map(lambda number: tree.Window(number, "words")),
    ),
    st.just(tree.Region("argument", SPAN)),
    st.just(tree.Region("sentence")),
    st.just(tree.Region("title")),
)
CONDITIONS = st.one_of(
    st.builds(tree.Has, REGIONS, PARTS, st.none(), st.booleans()),
    st.builds(tree.Borders, REGIONS, st.sampled_from(["starts", "ends"]), PARTS),
)
WHERE = st.none() | st.sampled_from(
    [tree.Region("title"), tree.Region("abstract"), tree.Region("document")]
)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return plan_of(tmp_path_factory.mktemp("rules"), RULES)


@dataclass(frozen=True)
class OneSpan(Reference):
    """A span as the only candidate there is; it stands for nothing but itself."""

    rows: Rows = (0, 0)

    @cached_property
    def pairs(self) -> list[dict[str, Mention]]:
        """The span, under the two names that regions want."""
        span = Mention(self.rows, "A", (), 0, "")
        return [{"span": span, "again": span}]

    @cached_property
    def whole_concepts(self) -> bool:
        """A span has no concept."""
        return False


def kept_parts(
    page: Reference, left: tree.Pattern | None, kept: tree.Pattern, right: tree.Pattern | None
) -> Iterator[Rows]:
    """Yield where the middle of a sequence can stand."""
    for start in range(*page.document):
        for first in page.next(left, start, start, {}) if left else {start}:
            # What follows stands in the sentence where the sequence began.
            for end in page.next(kept, first, start, {}):
                if right is None or page.next(right, end, start, {}):
                    yield first, end


def leftmost_longest(spans: set[Rows]) -> list[Rows]:
    """Return the leftmost spans, of those that begin together the longest, none overlapping."""
    chosen: list[Rows] = []
    for first in sorted({first for first, _ in spans}):
        if not chosen or chosen[-1][1] <= first:
            chosen.append((first, max(end for begin, end in spans if begin == first)))
    return chosen


@settings(max_examples=250, deadline=None)
@given(
    st.lists(TEXTS, min_size=1, max_size=2),
    st.tuples(st.none() | PARTS, PARTS, st.none() | PARTS),
    st.booleans(),
    WHERE,
    st.none() | CONDITIONS,
    st.booleans(),
)
def test_spans(
    plan: Plan,
    texts: Sequence[str],
    sequence: tuple[tree.Pattern | None, tree.Pattern, tree.Pattern | None],
    keeps: bool,
    where: tree.Region | None,
    when: tree.Condition | None,
    otherwise: bool,
) -> None:
    over = corpus(texts)
    scene = Scene(over, plan, TermFinder(over, KNOWLEDGE), joined([]))
    task = next(found for found in plan.tasks if found.task.name == "e")
    left, kept, right = sequence if keeps else (None, sequence[1], None)
    parts = [left, tree.Keep(kept) if keeps else kept, right]
    pattern = tree.Seq(tuple(part for part in parts if part is not None))
    rule = replace(
        task.rules[0],
        find=FindPlan(pattern, (), where),
        when=when,
        otherwise=2 if otherwise else None,
    )
    (votes,) = entity_votes(scene, task.task, [rule], {})
    found = {tuple(e): m for e, m in zip(votes.evidence.tolist(), votes.mask.tolist(), strict=True)}
    expected: dict[Rows, int] = {}
    for doc in range(len(over.ids)):
        page = Reference(over, doc, plan, {})
        spans = set(kept_parts(page, left, kept, right))
        if where is not None:
            inside = [page.document]
            if where.kind != "document":
                inside = page.section_rows(where.kind) or []
            spans = {s for s in spans if any(a <= s[0] and s[1] <= b for a, b in inside)}
        for rows in leftmost_longest(spans):
            span = OneSpan(over, doc, plan, {}, rows=rows)
            holds = when is None or span.holds(when)
            if holds or (holds is False and otherwise):
                expected[rows] = 1 if holds else 2
    assert found == expected
