from pathlib import Path

import numpy as np

from biolabel.apply.engine import apply_task
from biolabel.data.corpus import Corpus
from biolabel.data.mentions import given_mentions
from biolabel.evaluation.diff import Side, diff
from biolabel.evaluation.ground import ground
from biolabel.evaluation.pieces import plain_text
from biolabel.text.build import Annotation, corpus_of
from tests.unit.apply.world import NOTHING, corpus, document
from tests.unit.evaluation.stand import ABOUT, PAIRS, WORDS, stand

A, B = "{Chemical=MESH:1: A}", "{Disease=MESH:2: b}"
RULE = "rule {name} for {task}\n  votes: {votes}\n  when: {when}\n"


def side(folder: Path, rules: str, over: Corpus, gold: int = -1) -> Side:
    """Return rules applied to a corpus, with the same gold for every candidate."""
    here = stand(folder, rules)
    judged = ground(here.plan, over, given_mentions(over), NOTHING)
    votes = {
        task.task.name: apply_task(task, judged.scenes.get(task.task.name, judged.full), {})
        for task in here.plan.tasks
    }
    known = {n: np.full(v.matrix.n_candidates, gold, dtype=np.int64) for n, v in votes.items()}
    return Side(over, given_mentions(over), votes, known)


def relation(when: str, name: str = "x", votes: str = "causes") -> str:
    return PAIRS + RULE.format(name=name, task="cid", votes=votes, when=when)


def test_votes_gained_and_lost_with_gold(tmp_path: Path) -> None:
    over = corpus(f"{A} causes {B}", f"{A} {B}", f"{A} for {B}")
    old = side(tmp_path, relation('sentence has verbs or sentence has "for"'), over, gold=2)
    new = side(tmp_path, relation("sentence has verbs or adjacent"), over, gold=1)
    (found,) = diff(old, new, 5, np.random.default_rng(0))
    assert (found.task, found.rule, found.before, found.after) == ("cid", "x", 2, 2)
    assert (found.gained.votes, found.gained.judged, found.gained.right) == (1, 1, 1)
    assert (found.lost.votes, found.lost.judged, found.lost.right) == (1, 1, 0)
    (gained,), (lost,) = found.gained.samples, found.lost.samples
    assert (gained.document, gained.labels, gained.right) == ("1", ("causes",), True)
    assert plain_text(lost.context) == "[A] for [b]"


def test_equal_votes_are_no_difference(tmp_path: Path) -> None:
    over = corpus(f"{A} causes {B}")
    one, other = (
        side(tmp_path, relation(when), over) for when in ("same sentence", "sentence has verbs")
    )
    assert diff(one, other, 5, np.random.default_rng(0)) == ()


def test_rules_that_come_and_go(tmp_path: Path) -> None:
    over = corpus(f"{A} {B}")
    one, other = (side(tmp_path, relation("adjacent", name), over) for name in ("x", "y"))
    gone, come = diff(one, other, 5, np.random.default_rng(0))
    assert (gone.rule, gone.before, gone.after, gone.lost.votes) == ("x", 1, None, 1)
    assert (come.rule, come.before, come.after, come.gained.votes) == ("y", None, 1, 1)


def test_another_label_is_another_vote(tmp_path: Path) -> None:
    over = corpus(f"{A} {B}")
    one, other = (side(tmp_path, relation("adjacent", votes=v), over) for v in ("causes", "none"))
    (found,) = diff(one, other, 5, np.random.default_rng(0))
    assert [s.labels for s in (*found.gained.samples, *found.lost.samples)] == [
        ("none",),
        ("causes",),
    ]


def test_other_sentences_do_not_make_other_candidates(tmp_path: Path) -> None:
    text = f"{A} {B}. {A} {B}"
    whole = corpus_of([document(text, "0")], lambda _: Annotation(()))
    one = side(tmp_path, relation("adjacent"), whole)
    other = side(tmp_path, relation("adjacent"), corpus(text))
    assert diff(one, other, 5, np.random.default_rng(0)) == ()


def test_words_and_documents_differ_too(tmp_path: Path) -> None:
    over = corpus("acid rain", "snow")
    rules = [
        f'{WORDS}{ABOUT}rule w for mentions\n  votes: Chemical\n  find: "{word}"\n'
        + RULE.format(name="d", task="topic", votes="harm", when=f'document has "{word}"')
        for word in ("rain", "snow")
    ]
    old, new = (side(tmp_path, each, over) for each in rules)
    words, documents = diff(old, new, 5, np.random.default_rng(0))
    assert plain_text(words.gained.samples[0].context) == "[snow]"
    assert plain_text(words.lost.samples[0].context) == "acid [rain]"
    assert plain_text(documents.gained.samples[0].context) == "snow"


def test_only_some_are_sampled(tmp_path: Path) -> None:
    over = corpus(*[f"{A} {B}"] * 9)
    one, other = (side(tmp_path, relation(when), over) for when in ("adjacent", "not adjacent"))
    (found,) = diff(one, other, 2, np.random.default_rng(0))
    assert (found.lost.votes, len(found.lost.samples)) == (9, 2)
