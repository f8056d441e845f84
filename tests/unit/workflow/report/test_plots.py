import re
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np

from biolabel.evaluation.calibration import reliability
from biolabel.evaluation.company import Pair, similarity_tree
from biolabel.evaluation.rules import MatrixAnalysis, Measure, RuleAnalysis
from biolabel.workflow.report.plots import (
    coverage_plot,
    reliability_plot,
    rules_plot,
    similarity_plot,
)


def analysis(*names: str) -> MatrixAnalysis:
    rules = tuple(RuleAnalysis(name, 40, 0.4, 0.3, 0.1, ("none",)) for name in names)
    return MatrixAnalysis("cid", 100, 0.4, 0.3, 0.1, 60, rules)


def texts(svg: str) -> list[str]:
    root = ElementTree.fromstring(svg)
    return [element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}text")]


def test_each_rule_with_votes_has_a_bar() -> None:
    silent = RuleAnalysis("silent", 0, 0.0, 0.0, 0.0, ())
    found = analysis("verb", "$a$_<b>")
    svg = coverage_plot(MatrixAnalysis("cid", 100, 0.4, 0.3, 0.1, 60, (*found.rules, silent)))
    shown = texts(svg)
    assert {"verb", "$a$_<b>", "alone", "agrees", "in conflict"} <= set(shown)
    assert "silent" not in shown


def test_plots_have_the_colors_and_fonts_of_the_page() -> None:
    curves = {name: reliability(np.linspace(0, 1, 20), np.arange(20) % 2 == 0) for name in "abcd"}
    for svg in (coverage_plot(analysis("verb")), reliability_plot(curves)):
        assert set(re.findall(r"(?:fill|stroke): ([^;\"]+)", svg)) <= {
            "none",
            "currentColor",
            *(f"var(--series-{i})" for i in range(1, 5)),
        }
        assert "font-family" not in svg
        assert "<style" not in svg
    assert all(f"var(--series-{i})" in svg for i in range(1, 5))


def test_points_stand_where_the_bins_are() -> None:
    some = reliability(np.array([0.05, 0.95]), np.array([False, True]))
    svg = reliability_plot({"model": some})
    assert {"model", "predicted probability", "share that is true"} <= set(texts(svg))
    assert "nan" not in svg


def test_two_plots_share_no_ids_and_settings_stay() -> None:
    before = dict(mpl.rcParams)
    one, other = coverage_plot(analysis("a")), coverage_plot(analysis("a"))
    assert one == other
    curve = reliability_plot({"a": reliability(np.array([0.5]), np.array([True]))})
    assert not set(re.findall(r' id="([^"]+)"', one)) & set(re.findall(r' id="([^"]+)"', curve))
    assert dict(mpl.rcParams) == before


def test_precision_stands_beside_coverage_where_there_is_gold() -> None:
    rule = RuleAnalysis("verb", 40, 0.4, 0.3, 0.1, ("none",), Measure(40, 30, 0.5))
    silent = RuleAnalysis("silent", 0, 0.0, 0.0, 0.0, ())
    found = analysis("other")
    with_gold = MatrixAnalysis("cid", 100, 0.4, 0.3, 0.1, 60, (rule, *found.rules, silent))
    shown = texts(rules_plot(with_gold, "0"))
    assert {"verb", "other", "precision, 95%", "base rate", "share of right votes"} <= set(shown)
    assert shown.count("verb") == 1
    assert "silent" not in shown
    assert "base rate" not in texts(rules_plot(found, "0"))


def test_rules_that_say_the_same_are_joined() -> None:
    pairs = [Pair("$a$", "b", 9, 9, 0, 0.9), Pair("b", "c", 1, 1, 0, 0.1)]
    svg = similarity_plot(similarity_tree(["$a$", "b", "c"], pairs), 0.5, "0")
    names = [text for text in texts(svg) if text in ("$a$", "b", "c")]
    assert sorted(names) == ["$a$", "b", "c"]
    assert abs(names.index("$a$") - names.index("b")) == 1
    assert len(re.findall("stroke: var.--series-1", svg)) == 1
