from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from biolabel.errors import RuleError
from biolabel.workflow.bench import Bench
from biolabel.workflow.preview import Changed, Version, changes, of_tasks, trial_of, version_of


@pytest.fixture
def opened(open_bench: Callable[..., Bench], tiny_task: Path, tmp_path: Path) -> Bench:
    return open_bench(tiny_task, tmp_path / "workspace", dev=False).reread()


def rule_file(bench: Bench) -> tuple[Path, str]:
    [path] = bench.job.task.rule_files()
    return path, path.read_text(encoding="utf-8")


def compared(old: Version, new: Version) -> tuple[Changed, ...]:
    return changes(old, new, 3, np.random.default_rng(0))


def test_the_same_rules_change_nothing(opened: Bench) -> None:
    old = version_of(opened)
    assert compared(old, version_of(opened.reread())) == ()


def test_an_unsaved_edit_shows_votes_gained_and_conflicts(opened: Bench) -> None:
    old = version_of(opened)
    path, text = rule_file(opened)
    added = f"""{text}
rule nothing_causes for cid
  votes: none
  when: same sentence
"""
    new = opened.reread({path: added})
    [found] = [c for c in compared(old, version_of(new)) if c.votes.rule == "nothing_causes"]
    assert found.votes.before is None
    assert found.votes.after == found.votes.gained.votes > 0
    assert len(found.votes.gained.samples) == min(3, found.votes.gained.votes)
    assert found.votes.gained.judged == 0
    assert found.clashes
    assert all(clash.before == 0 < clash.after for clash in found.clashes)
    assert path.read_text(encoding="utf-8") == text
    back = version_of(new.reread({path: None}))
    assert compared(old, back) == ()


def test_nothing_but_columns_is_kept(opened: Bench) -> None:
    version_of(opened)
    assert not (opened.job.workspace / "stages" / "apply").exists()


def test_clashes_are_told_from_both_sides(opened: Bench) -> None:
    old = version_of(opened)
    path, text = rule_file(opened)
    added = f"{text}\nrule never for cid\n  votes: none\n  when: same sentence\n"
    found = compared(version_of(opened.reread({path: added})), old)
    [gone] = [c for c in found if c.votes.rule == "never"]
    assert gone.votes.after is None
    assert gone.clashes
    assert all(clash.after == 0 < clash.before for clash in gone.clashes)


def test_python_does_not_run(opened: Bench) -> None:
    path, text = rule_file(opened)
    added = f'{text}\nrule calls for cid\n  votes: none\n  when: python "os:getcwd"\n'
    with pytest.raises(RuleError) as caught:
        version_of(opened.reread({path: added}))
    assert caught.value.code == "BL392"


def test_entity_rules_answer_before_all_that_follows(opened: Bench) -> None:
    old = version_of(opened)
    path, text = rule_file(opened)
    edited = text.replace('find: "the" | "and"', 'find: "the" | "dose"')
    trial = trial_of(opened.reread({path: edited}))
    first = trial.first()
    assert first is not None
    assert set(first.votes) == {"mentions"}
    soon = {c.votes.rule: c.votes for c in compared(of_tasks(old, first.votes), first)}
    later = {c.votes.rule: c.votes for c in compared(old, trial.whole())}
    assert set(soon) == {"small_words"}
    assert (soon["small_words"].gained.votes, soon["small_words"].lost.votes) == (
        later["small_words"].gained.votes,
        later["small_words"].lost.votes,
    )
