"""What must not change votes: the order of rules, the order of documents, other documents."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biolabel.apply.engine import apply_task, counts_of_votes
from biolabel.apply.knowledge import Knowledge
from biolabel.apply.scene import Scene
from biolabel.apply.terms import TermFinder
from biolabel.compile.plan import Plan
from biolabel.data.mentions import given_mentions
from biolabel.data.votes import TaskVotes
from biolabel.text.build import corpus_of
from tests.unit.apply.world import PAIR, document, ontology, pairs, plan_of

KNOWLEDGE = Knowledge(
    {"o": ontology({"X:1": ["iron"], "X:2": ["iron salt", "salts"]}, "A", "exact", "plural")},
    {"k": pairs(("X:1", "Y:1"), ("X:2", "Y:2"))},
)
LEVELS = ("concept", "mention")
DECLARATIONS = [
    "entity e\n  labels: A, B\n",
    PAIR.replace("given", "e"),
    "document t\n  labels: good, bad\n",
    'ontology o\n  from: catalog "o"\n  type: A\n',
    'kb k\n  from: catalog "k"\n  pairs: A -> B\n  complete: yes\n',
    "list l\n  words: iron*, cause~\n",
    'context denied\n  cues_before: "no"\n  reach: 3 words\n',
    "condition near for r\n  is: distance <= 2 words\n",
    "rule named for e\n  votes: found type\n  find: o\n",
    "rule listed for e\n  votes: not B\n  find: l | /[a-z]+emia/\n  unless: span is denied\n",
    'rule cases for e\n  find: "salt~"\n  case: A when after span starts with "in"\n  else: none\n',
    "rule known for r\n  votes: yes\n  when: pair in k\n  else: none\n",
    "rule close for r\n  votes: yes\n  when: near and not b is denied\n",
    'rule nearer for r\n  votes: none\n  when: another A closer to b or sentence has {b} ..2 "by" {a}\n',
    "rule late for r\n  votes: none\n  when: not close fires and count({a}) <= 2\n",
    "rule asks for r\n  votes: none\n  when: close votes yes and not known fires\n",
    "entity s\n  labels: S\n  unit: span\n  pick: many\n",
    'rule spans for s\n  votes: S\n  find: "salt~" ..1 | A "salt~"\n',
    "rule same_spans for s\n  votes: S\n  find: A\n  unless: spans fires\n",
    "document q\n  labels: said, silent\n  unit: sentence\n",
    "rule sentences for q\n  votes: said\n  when: sentence has l\n  else: silent\n",
    "rule central for r\n  votes: yes\n  when: a is most_mentioned and shared_sentences >= 1\n",
    "rule many for t\n  votes: bad\n  when: at least 1 r voted yes\n  else: good\n",
    'rule titled for t\n  case: good when title has l\n  case: bad when title has at least 2 "no"\n',
]
PIECES = st.sampled_from([
    "iron", "salt", "salts", "no", "in", "by", "causes", "leukemia", ",", ". So", "||",
    "{A=X:1: iron}", "{A=X:2: salts}", "{A=X:3: tin}", "{B=Y:1: pain}", "{B=Y:2: rash}",
    "{A: zinc}", "{A=X:1|X:2: both}",
])  # fmt: skip
TEXTS = st.lists(st.lists(PIECES, min_size=1, max_size=14).map(" ".join), min_size=1, max_size=4)


def votes(plan: Plan, texts: Sequence[tuple[str, str]]) -> set[tuple[str, ...]]:
    """Return every vote: document, candidate, rule, labels, and the text behind it."""
    over = corpus_of([document(text, name) for name, text in texts])
    scene = Scene(over, plan, TermFinder(over, KNOWLEDGE), given_mentions(over))
    voted: dict[tuple[str, str], np.ndarray[tuple[int], np.dtype[np.int64]]] = {}
    found: set[tuple[str, ...]] = set()
    for task in plan.tasks:
        given_ = apply_task(task, scene, voted)
        voted.update(counts_of_votes(given_, len(over.ids)))
        found |= {tuple(map(str, row)) for row in rows(given_, scene)}
    return found


def rows(votes: TaskVotes, scene: Scene) -> list[tuple[object, ...]]:
    matrix, over = votes.matrix, scene.corpus
    found: list[tuple[object, ...]] = []
    for i, candidate in enumerate(matrix.candidate.tolist()):
        doc = int(votes.documents[candidate])
        place: tuple[object, ...] = ()
        if votes.subjects:
            place = votes.subjects[candidate], votes.objects[candidate]
        elif matrix.task.kind == "entity" and votes.spans is None:
            place = (candidate - int(over.doc_rows[doc]),)
        start = 0 if votes.of_documents() else int(over.doc_rows[doc])
        evidence = (votes.evidence[i] - start).tolist()
        name = matrix.lfs[matrix.lf[i]].name
        found.append((over.ids[doc], matrix.task.name, place, name, matrix.mask[i], evidence))
    return found


@pytest.fixture(scope="module", params=LEVELS)
def level(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def declared(level: str, declarations: Sequence[str]) -> str:
    """Return the declarations with the relation at a level."""
    return "".join(declarations).replace("level: concept", f"level: {level}")


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory, level: str) -> Plan:
    return plan_of(tmp_path_factory.mktemp("rules"), declared(level, DECLARATIONS))


@settings(max_examples=40, deadline=None)
@given(texts=TEXTS, order=st.permutations(DECLARATIONS))
def test_the_order_of_declarations(
    plan: Plan,
    level: str,
    tmp_path_factory: pytest.TempPathFactory,
    texts: list[str],
    order: list[str],
) -> None:
    folder: Path = tmp_path_factory.mktemp("shuffled")
    named = [(str(i), text) for i, text in enumerate(texts)]
    assert votes(plan_of(folder, declared(level, order)), named) == votes(plan, named)


@settings(max_examples=100, deadline=None)
@given(data=st.data(), texts=TEXTS)
def test_the_order_of_documents(plan: Plan, data: st.DataObject, texts: list[str]) -> None:
    named = [(str(i), text) for i, text in enumerate(texts)]
    assert votes(plan, data.draw(st.permutations(named))) == votes(plan, named)


@settings(max_examples=100, deadline=None)
@given(texts=TEXTS, other=TEXTS, at=st.integers(0, 4))
def test_other_documents(plan: Plan, texts: list[str], other: list[str], at: int) -> None:
    named = [(str(i), text) for i, text in enumerate(texts)]
    more = [(f"other {i}", text) for i, text in enumerate(other)]
    mixed = votes(plan, [*named[:at], *more, *named[at:]])
    assert {row for row in mixed if not row[0].startswith("other")} == votes(plan, named)


def test_all_rules_vote_somewhere(plan: Plan) -> None:
    text = (
        "{A=X:1: iron} no no {A=X:2: salts} in leukemia || {B=Y:1: pain} by {A=X:2: salts}. So "
        "{B=Y:2: rash} and no iron but {A=X:1: iron}"
    )
    rules = {row[3] for row in votes(plan, [("1", text), ("2", "salt || {B=Y:1: pain}")])}
    assert rules == {rule.lf.name for task in plan.tasks for rule in task.rules}
