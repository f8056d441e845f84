import json

import pytest

from biolabel.errors import RunError
from biolabel.workflow.analysis import analyses_values, of_rule, whole_analyses
from biolabel.workflow.bench import Bench


def test_slices_only_if_asked_for(bench: Bench) -> None:
    plain, whole = whole_analyses(bench, "dev"), whole_analyses(bench, "dev", 2)
    assert [each.matrix for each in plain] == [each.matrix for each in whole]
    assert all(each.uncovered is None for each in plain)
    slices = [each.uncovered for each in whole]
    assert all(found is not None and len(found.samples) <= 2 for found in slices)
    assert whole_analyses(bench, "dev", 2) == whole


def test_slices_count_what_the_analysis_counts(bench: Bench) -> None:
    for each in whole_analyses(bench, "dev", 0):
        assert each.uncovered is not None
        for facet in each.uncovered.facets:
            if facet.name == "gold label":
                gold = each.matrix.gold
                assert gold is not None
                assert sum(share.positive for share in facet.shares) == gold.positive
                assert sum(share.missed for share in facet.shares) == gold.uncovered
            if facet.name == "section":
                assert sum(s.uncovered for s in facet.shares) == each.matrix.uncovered


def test_the_task_of_one_rule(bench: Bench) -> None:
    found = whole_analyses(bench, "dev")
    assert [each.matrix.task for each in of_rule(found, "said_to_cause")] == ["cid"]
    with pytest.raises(RunError) as raised:
        of_rule(found, "zzzz")
    assert raised.value.code == "BL922"
    assert raised.value.hint.startswith("nearest of ")


def test_values_say_where_they_come_from(bench: Bench) -> None:
    values = json.loads(json.dumps(analyses_values(whole_analyses(bench, "corpus"))))
    assert values["format"] == 1
    (first, *_) = values["analyses"]
    assert (first["on"], first["task"], first["slice"]) == ("corpus", "mentions", None)
