from pathlib import Path

import pytest

from biolabel.errors import RuleError
from biolabel.kb import kept
from biolabel.kb.named import named
from biolabel.workflow.knowledge.build import ALL, build_named, build_task
from biolabel.workflow.settings import load_task

KB = Path(__file__).resolve().parents[3] / "data" / "kb"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIOLABEL_CACHE", str(tmp_path / "cache"))


def test_large_indices_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "LARGE", 5)
    (first,) = build_named(named("tiny_drugs", folder=KB))
    assert (first.kind, first.ways, first.entries) == ("terms", ("plural",), 6)
    assert first.forms > 11
    assert first.place is not None
    assert (first.reused, first.size) == (False, first.place.stat().st_size)
    (again,) = build_named(named("tiny_drugs", folder=KB))
    assert (again.reused, again.place, again.forms) == (True, first.place, first.forms)


def test_small_ones_and_pairs_are_not() -> None:
    (terms,) = build_named(named("tiny_drugs", folder=KB))
    assert (terms.place, terms.size, terms.reused) == (None, 0, False)
    (pairs,) = build_named(named("tiny_causes", folder=KB))
    assert (pairs.kind, pairs.entries, pairs.forms, pairs.place) == ("pairs", 4, 8, None)


def test_all_that_a_task_looks_up(tiny_task: Path) -> None:
    rules = tiny_task / "rules" / "tiny.rules"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace("find: diseases", "find: diseases via exact, plural"))
    found = {(b.name, b.ways): b for b in build_task(load_task(tiny_task))}
    assert set(found) == {
        ("chemicals", ()), ("diseases", ()), ("diseases", ("plural",)), ("indications", ()), (ALL, ()),
    }  # fmt: skip
    assert found["diseases", ()].place is not None
    assert found["diseases", ("plural",)].forms > found["diseases", ()].forms
    together = found[ALL, ()]
    assert together.forms == found["chemicals", ()].forms + found["diseases", ()].forms
    assert together.place not in (None, found["diseases", ()].place)
    again = {(b.name, b.ways): b for b in build_task(load_task(tiny_task))}
    assert (together.reused, again[ALL, ()].reused) == (False, True)


def test_a_task_with_errors(tiny_task: Path) -> None:
    (tiny_task / "rules" / "tiny.rules").write_text("biolabel 1\nrul x\n")
    with pytest.raises(RuleError):
        list(build_task(load_task(tiny_task)))
