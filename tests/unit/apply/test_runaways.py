from pathlib import Path

import pytest

from biolabel.errors import RuleError
from tests.unit.apply.world import TOPIC, corpus, holds, plan_of, votes_of

HOSTILE = r"/(?<!q)a*a*a*a*a*b/"


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("biolabel.apply.searching.SECONDS", 0.2)


@pytest.mark.parametrize("pattern", [HOSTILE, f"[text={HOSTILE}]", f'"x" [lower={HOSTILE}]'])
def test_the_error_names_rule_place_and_document(tmp_path: Path, pattern: str) -> None:
    rules = f'{TOPIC}\nrule fine for t\n  votes: yes\n  when: document has "x"\n'
    rules += f"rule slow for t\n  votes: yes\n  when: document has {pattern}\n"
    plan = plan_of(tmp_path, rules)
    over = corpus("Short.", "Long " + "a" * 10_000 + "cb é.")
    with pytest.raises(RuleError) as caught:
        votes_of(plan, over, "t")
    (found,) = caught.value.diagnostics
    assert found.code == "BL315"
    assert "`slow`" in found.message
    assert "`fine`" not in found.message
    assert "document 1" in found.message
    source = caught.value.files[found.span.file]
    assert source.text[found.span.start : found.span.end] == HOSTILE


def test_the_fast_engine_needs_no_limit(tmp_path: Path) -> None:
    texts = ["Long " + "a" * 10_000 + "c.", "Long aab."]
    assert holds(tmp_path, "document has /a*a*a*a*b/", *texts, task=TOPIC) == "-+"
    assert holds(tmp_path, "document has /.*.*.*.*q/", *texts, task=TOPIC) == "--"
