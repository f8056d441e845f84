import json

import numpy as np
import pytest

from biolabel.evaluation.company import Cluster
from biolabel.evaluation.pieces import Piece
from biolabel.evaluation.rules import analyze_rules
from biolabel.evaluation.uncovered import Facet, Share, UncoveredSample, UncoveredSlice
from biolabel.evaluation.values import analysis_values, cluster_values, slice_values
from tests.unit.evaluation.ballots import CAUSES, NONE, matrix

CAST = [(0, 0, CAUSES), (1, 0, CAUSES), (0, 1, CAUSES), (1, 1, NONE)]
GOLD = np.array([CAUSES, NONE, CAUSES], dtype=np.int64)


def test_an_analysis_survives_json() -> None:
    values = json.loads(json.dumps(analysis_values(analyze_rules(matrix(CAST, 3, 3), GOLD))))
    assert {k: v for k, v in values.items() if k not in ("rules", "pairs")} == {
        "task": "cid", "candidates": 3, "votes": 4, "coverage": 2 / 3, "overlap": 2 / 3,
        "conflict": 1 / 3, "uncovered": 1, "voters": [1, 0, 2],
        "gold": {"judged": 3, "positive": 2, "uncovered": 1, "opposed": 0},
    }  # fmt: skip
    rule, _, silent = values["rules"]
    gold = rule.pop("gold")
    assert gold.pop("interval") == pytest.approx([0.0945, 0.9055], abs=1e-3)
    assert gold == {
        "judged": 2, "right": 1, "precision": 0.5, "base": 2 / 3, "verdict": "open",
    }  # fmt: skip
    (ballot,) = rule.pop("ballots")
    assert (ballot["labels"], ballot["votes"], ballot["gold"]["right"]) == (["causes"], 2, 1)
    assert rule == {
        "name": "rule0", "draft": False, "labels": ["causes"], "votes": 2, "coverage": 2 / 3,
        "overlap": 2 / 3, "conflict": 1 / 3, "alone": 0, "repeated": 1, "redundancy": 0.5,
        "twin": {"name": "rule1", "shared": 1, "share": 0.5},
    }  # fmt: skip
    assert (silent["gold"], silent["twin"], silent["ballots"]) == (None, None, [])
    assert values["pairs"] == [
        {
            "first": "rule0", "second": "rule1", "together": 2, "same": 1, "conflicts": 1,
            "agreement": 0.5, "jaccard": 0.5,
        }
    ]  # fmt: skip


def test_without_gold() -> None:
    assert analysis_values(analyze_rules(matrix(CAST, 3, 3)))["gold"] is None


def test_slices_and_clusters() -> None:
    context = (Piece("Iron", "a"), Piece(" harms"))
    found = UncoveredSlice(
        (Facet("section", (Share("title", 4, 3, 2, 1),)),),
        (
            UncoveredSample("1", ("causes",), {"section": "title"}, context),
            UncoveredSample("2", None, {}, context),
        ),
    )
    values = json.loads(json.dumps(slice_values(found)))
    assert values["facets"] == [
        {
            "name": "section",
            "values": [
                {"value": "title", "candidates": 4, "uncovered": 3, "positive": 2, "missed": 1}
            ],
        }
    ]
    first, second = values["samples"]
    assert first == {
        "document": "1", "gold": ["causes"], "facets": {"section": "title"}, "text": "{a: Iron} harms",
    }  # fmt: skip
    assert second["gold"] is None
    assert cluster_values(Cluster(("a", "b"), 0.5)) == {"names": ["a", "b"], "jaccard": 0.5}
