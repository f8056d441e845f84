from pathlib import Path

import numpy as np
import pytest

from biolabel.apply.needed import sentences_needed
from tests.unit.apply.world import TAGGED, TOPIC, corpus, plan_of, world

ENTITY = "entity e\n  labels: A, B\nlist l\n  words: red, blue sky\n"
PAIR = "relation r(a: A, b: B)\n  labels: yes, none\n  mentions: given\n  level: mention\n"
TEXTS = (
    "Red wine may cause {A: pain}. Water does not. He saw a blue sky. A man may cause {B: fear}.",
    "{A: Tea} and {B: rash} came. Nothing may cause {B: joy}.",
    "{B: Rain} fell. It may end. {B: Snow} fell.",
)
DOCUMENT = {
    'document has [lemma=cause]': [0, 1, 2, 3, 4, 5, 6, 7, 8],
    'document has "may cause"': [],
    'document has "may" [lemma=cause]': [0, 3, 5, 7],
    'document has "may" ..2 [pos=NOUN] "fear"': [3],
    'document has [lower=may & pos=AUX]': [0, 3, 5, 7],
    'document has [lower=may | pos=NOUN]': [0, 1, 2, 3, 4, 5, 6, 7, 8],
    'document has [!lemma=cause]': [0, 1, 2, 3, 4, 5, 6, 7, 8],
    'document has l [pos=NOUN]': [0, 2],
    'document has ("water" | "tea" [pos=CCONJ])': [4],
    'document has ("water" | "tea") [pos=CCONJ]': [1, 4],
    'document has "red"? [pos=NOUN] "fell"': [6, 8],
    'document has [text=/S(aw|now)/] [pos=DET]': [8],
    'not count("red" [pos=NOUN]) in document > 1': [0],
    'document has [lemma=a] l and document has "tea" [pos=X]': [0, 2, 4],
}  # fmt: skip
RELATION = {
    "path_length > 2": ("document", [4]),
    "path has [pos=VERB]": ("document", [4]),
    "path like {a} <nsubj >dobj {b}": ("document", [4]),
    "path like {a} <nsubj": ("document", [0, 3, 4, 5]),
    "path like {a} <nsubj and path_length > 2": ("sentence", [4]),
    "sentence has [pos=VERB]": ("document", [4]),
    "between has [pos=VERB] \"came\"": ("document", [4]),
    "before a has \"wine\" [pos=VERB]": ("document", [0]),
    "around b within 1 sentences has \"does\" [pos=PART]": ("document", [1]),
    "document has \"does\" [pos=PART]": ("document", [1]),
    "document has {a} [pos=VERB]": ("document", [0, 3, 4, 5, 6, 8]),
    "a is c": ("sentence", [2]),
    "adjacent": ("document", []),
}  # fmt: skip


def needed(folder: Path, rules: str) -> list[int]:
    here = world(plan_of(folder, TAGGED + rules), corpus(*TEXTS))
    task = here.plan.tasks[-1]
    return np.flatnonzero(sentences_needed(here.scene, task, task.rules)).tolist()


@pytest.mark.parametrize("condition", DOCUMENT)
def test_documents(tmp_path: Path, condition: str) -> None:
    lists = "list l\n  words: red, blue sky\n"
    rules = f"{TOPIC}{lists}rule x for t\n  votes: yes\n  when: {condition}\n"
    assert needed(tmp_path, rules) == DOCUMENT[condition]


@pytest.mark.parametrize("condition", RELATION)
def test_relations(tmp_path: Path, condition: str) -> None:
    scope, sentences = RELATION[condition]
    context = 'context c\n  cues_before: "blue" [pos=NOUN]\n'
    rule = f"rule x for r\n  votes: yes\n  when: {condition}\n"
    assert needed(tmp_path, f"{PAIR}  scope: {scope}\n{context}{rule}") == sentences


def test_candidates_that_a_condition_chooses(tmp_path: Path) -> None:
    rules = f"{PAIR}  scope: document\n  when: path_length > 2\n"
    assert needed(tmp_path, f"{rules}rule x for r\n  votes: yes\n  when: adjacent\n") == [4]


def test_spans(tmp_path: Path) -> None:
    rule = "rule x for e\n  votes: A\n  find: l keep([pos=NOUN])\n"
    assert needed(tmp_path, ENTITY + rule) == [0, 2]


def test_a_mention_over_two_sentences_needs_both(tmp_path: Path) -> None:
    rules = f"{PAIR}  scope: document\nrule x for r\n  votes: yes\n  when: path_length > 2\n"
    here = world(plan_of(tmp_path, TAGGED + rules), corpus("{A: It. It} fell on {B: tea}. No."))
    task = here.plan.tasks[-1]
    assert sentences_needed(here.scene, task, task.rules).tolist() == [True, True, False]
