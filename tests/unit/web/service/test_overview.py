import pytest

from biolabel.web.service.overview import SYSTEMS, overview
from biolabel.workflow.results import Results


def test_the_run_at_a_glance(results: Results) -> None:
    found = overview(results)
    assert (found.name, found.rules) == ("tiny", results.digest)
    assert [(t.part, t.documents) for t in found.texts] == [("corpus", 12), ("dev", 5)]
    assert [(t.name, t.kind, t.rules) for t in found.tasks] == [
        ("mentions", "entity", 3), ("cid", "relation", 5), ("topic", "document", 2),
    ]  # fmt: skip
    assert all(0 < t.coverage <= 1 and 0 <= t.agreement <= 1 for t in found.tasks)
    assert found.tasks[1].silent == 0


def test_scores_stand_in_groups_with_every_system(results: Results) -> None:
    found = overview(results)
    assert {(g.task, g.metric) for g in found.scores} >= {("cid", "pairs"), ("topic", "documents")}
    for group in found.scores:
        assert {row.system for row in group.rows} >= set(SYSTEMS)
        assert all(0 <= row.f1 <= 1 for row in group.rows)


def test_calibration_has_no_empty_bins(results: Results) -> None:
    found = overview(results).calibration
    assert {each.system for each in found} == set(SYSTEMS)
    for each in found:
        assert all(part.count > 0 and 0 <= part.share <= 1 for part in each.bins)
        error = sum(p.count * abs(p.mean - p.share) for p in each.bins)
        assert each.error == pytest.approx(error / sum(p.count for p in each.bins))
