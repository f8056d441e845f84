"""Rules vote the same with only the needed sentences read as with all of them, on random programs."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from biolabel.apply.candidates import pair_candidates
from biolabel.apply.conditions import evaluator
from biolabel.apply.knowledge import Knowledge
from biolabel.apply.needed import sentences_needed
from biolabel.apply.patterns import Matcher
from biolabel.apply.scene import Frame, Scene
from biolabel.apply.terms import TermFinder
from biolabel.compile.plan import FindPlan, Plan, TaskPlan
from biolabel.data.corpus import Corpus, Ints
from biolabel.data.mentions import given_mentions
from biolabel.lang import tree
from biolabel.lang.walk import nodes
from biolabel.text.grammar import with_grammar
from tests.property.random_rules import RELATIONS, TEXTS, relation
from tests.property.test_grammar import CONDITIONS, DECLARED, PATTERNS, parsed
from tests.unit.apply.world import TOPIC, plan_of

CONTEXTS = """
context near
  cues_before: [lemma=b] "a"
  pseudo: "c" [lemma=ab]
  stop_at: [lemma=a & lower=x]
"""


@pytest.fixture(scope="module", params=RELATIONS)
def plan(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Plan:
    pipeline = 'pipeline\n  tagger: spacy "en"\n'
    rules = RELATIONS[request.param] + DECLARED + CONTEXTS
    near = "rule y for r\n  votes: yes\n  when: a is near\n"
    return plan_of(tmp_path_factory.mktemp("rules"), pipeline + rules + near + TOPIC)


def scene_of(plan: Plan, over: Corpus) -> Scene:
    return Scene(over, plan, TermFinder(over, Knowledge({}, {})), given_mentions(over))


def bare(over: Corpus) -> Corpus:
    return with_grammar(over, np.zeros(len(over.sentence_doc), dtype=bool), [])


def only(over: Corpus, sentences: NDArray[np.bool_]) -> Corpus:
    """Return a corpus of which only some sentences are read."""
    held = sentences[over.row_sentence]

    def column(ids: Ints) -> Ints:
        return np.where(held, ids, -1).astype(np.int32)

    return replace(
        over,
        row_lemma=column(over.row_lemma),
        row_pos=column(over.row_pos),
        row_tag=column(over.row_tag),
        row_dep=column(over.row_dep),
        row_head=column(over.row_head),
    )


def pairs(plan: Plan, scene: Scene) -> Frame:
    return pair_candidates(scene.corpus, scene.mentions, relation(plan)).frame


@settings(max_examples=100, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=3), st.integers(0, 1000), CONDITIONS)
def test_conditions(plan: Plan, texts: list[str], seed: int, condition: tree.Condition) -> None:
    over = parsed(texts, seed)
    task = next(t for t in plan.tasks if isinstance(t.declaration, tree.RelationDecl))
    rules = (replace(task.rules[0], when=condition), *task.rules[1:])
    needed = sentences_needed(scene_of(plan, bare(over)), task, rules)
    answers = []
    for read in (over, only(over, needed)):
        scene = scene_of(plan, read)
        frame = pairs(plan, scene)
        judge = evaluator(scene, frame, {}, {})
        columns = [judge.column(rule.when) for rule in rules if rule.when is not None]
        answers.append([(c.true.tolist(), c.known.tolist()) for c in columns])
    assert answers[0] == answers[1]


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=3), st.integers(0, 1000), PATTERNS)
def test_spans(plan: Plan, texts: list[str], seed: int, pattern: tree.Pattern) -> None:
    if any(isinstance(node, tree.Arg) for node in nodes(pattern)):
        return
    over = parsed(texts, seed)
    task = next(t for t in plan.tasks if isinstance(t.declaration, tree.RelationDecl))
    rule = replace(task.rules[0], when=None, find=FindPlan(pattern, (), None))
    nothing = TaskPlan(task.task, tree.DocumentDecl(name=tree.Name("t")), (rule,))
    needed = sentences_needed(scene_of(plan, bare(over)), nothing, nothing.rules)
    found = []
    for read in (over, only(over, needed)):
        scene = scene_of(plan, read)
        frame = pairs(plan, scene)
        matcher = Matcher(scene, frame)
        both = matcher.find(pattern), matcher.possible(pattern)
        found += [[each.first.tolist(), each.end.tolist()] for each in both]
    assert found[:2] == found[2:]
