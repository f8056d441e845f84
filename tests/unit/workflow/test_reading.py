from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from biolabel.apply.scene import Scene
from biolabel.compile.steps import steps_of
from biolabel.data.executor import Processes
from biolabel.errors import CorpusError
from biolabel.lang.steps import mark_of_step
from biolabel.text.pipeline import Pipeline
from biolabel.text.trained import version_of
from biolabel.workflow.reading import Reading, reading_marks, reading_of, unread
from tests.unit.apply.world import TAGGED, TOPIC, corpus, plan_of, world

SMALL = "en_core_web_sm"
TAGGING = Pipeline(sentences="naive", abbreviations=False, tagger=SMALL)
RULE = 'rule x for t\n  votes: yes\n  when: document has "she" [lemma=run]\n'
PLAIN = 'rule y for t\n  votes: yes\n  when: document has "she"\n'


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    plan = plan_of(tmp_path / "rules", TAGGED + TOPIC + RULE + PLAIN)
    return world(plan, corpus("She runs. He runs. Rain fell.")).scene


def test_only_what_rules_need_is_read(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIOLABEL_CACHE", str(tmp_path))
    reading, (task,) = Reading(TAGGING), scene.plan.tasks
    scene.memo.clear()
    needed = reading.sentences(scene, task, task.rules)
    assert needed is not None
    assert needed.tolist() == [True, False, False]
    read = reading.scene(scene, needed)
    assert read.corpus.lemmas == ("she", "run", ".")
    assert not read.memo
    assert set(read.corpus.row_sentence[read.corpus.row_lemma >= 0]) == {0}
    every = reading.corpus(scene.corpus)
    assert (every.row_lemma >= 0).all()
    assert unread(every, TAGGING).lemmas == ()
    assert unread(every, Pipeline()) is every


def test_rules_that_ask_for_no_tagger_have_nothing_read(scene: Scene) -> None:
    (task,) = scene.plan.tasks
    plain = [rule for rule in task.rules if rule.lf.name == "y"]
    assert Reading(TAGGING).sentences(scene, task, plain) is None
    assert Reading(Pipeline()).sentences(scene, task, task.rules) is None
    assert Reading(Pipeline()).corpus(scene.corpus) is scene.corpus
    assert unread(scene.corpus, TAGGING) is scene.corpus


def test_a_store_that_was_read_is_not_read_again(scene: Scene) -> None:
    plan = scene.plan
    both = replace(TAGGING, parser=SMALL)
    assert reading_of(steps_of(plan), both, Pipeline()).readers() == {SMALL: {"tagger", "parser"}}
    assert reading_of(steps_of(plan), both, both).readers() == {}
    assert reading_of(steps_of(plan), TAGGING, both).readers() == {}
    apart = replace(both, parser="other")
    assert reading_of(steps_of(plan), apart, Pipeline()).readers() == {SMALL: {"tagger"}}
    assert reading_of(steps_of(plan), TAGGING, apart).readers() == {}
    assert reading_of(steps_of(plan), TAGGING, replace(both, tagger="other")).readers() != {}


def test_marks_tell_the_version_of_what_reads(scene: Scene, tmp_path: Path) -> None:
    (mark,) = reading_marks(steps_of(scene.plan), TAGGING).items()
    assert mark[0] == mark_of_step("tagger")
    assert version_of(SMALL) in mark[1]
    bare = plan_of(tmp_path / "bare", TAGGED + TOPIC + PLAIN)
    assert reading_marks(steps_of(bare), replace(TAGGING, tagger="nowhere")) == {}
    with pytest.raises(CorpusError) as caught:
        reading_marks(steps_of(scene.plan), replace(TAGGING, tagger="nowhere"))
    assert caught.value.code == "BL608"


def test_the_same_is_said_by_several_processes(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = []
    for workers in (1, 2):
        monkeypatch.setenv("BIOLABEL_CACHE", str(tmp_path / str(workers)))
        columns.append(Reading(TAGGING, Processes(workers)).corpus(scene.corpus).row_lemma)
    assert np.array_equal(columns[0], columns[1])
