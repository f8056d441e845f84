import re
from dataclasses import replace

import numpy as np

from biolabel.evaluation.pieces import Piece
from biolabel.evaluation.rules import MatrixAnalysis, analyze_rules
from biolabel.evaluation.uncovered import Facet, Share, UncoveredSample, UncoveredSlice
from biolabel.workflow.report.analysis import AnalysisPart, render_analysis
from tests.unit.evaluation.ballots import CAUSES, NONE, matrix
from tests.unit.workflow.report.pages import EVIL, Page

GOLD = np.array([CAUSES] * 10 + [NONE] * 10 + [CAUSES], dtype=np.int64)


def analysis(*, gold: bool = True) -> MatrixAnalysis:
    """Return four rules: rule1 says what rule0 does, rule2 mostly the contrary, rule3 nothing."""
    cast = [(c, lf, CAUSES) for c in range(12) for lf in (0, 1)]
    cast += [(c, 2, NONE) for c in range(11)]
    return analyze_rules(matrix(cast, 21, 4), GOLD if gold else None)


def uncovered(text: str = "plain") -> UncoveredSlice:
    context = (Piece(text, "chemical"), Piece(f" and {text}"))
    shares = (Share(text, 20, 8, 11, 1), Share("other", 1, 0, 0, 0))
    samples = (
        UncoveredSample(text, (text,), {"distance": text}, context),
        UncoveredSample("d2", None, {}, context[1:]),
    )
    return UncoveredSlice((Facet(text, shares),), samples)


def shown(*parts: AnalysisPart) -> Page:
    return Page(render_analysis("Rules", {"seed": "0"}, parts))


def words(page: Page) -> str:
    return " ".join(page.text.split())


def test_every_figure_is_on_the_page() -> None:
    text = words(shown(AnalysisPart("dev", analysis(), uncovered())))
    for said in (
        "cid on dev",
        "57.1%of 21 candidates have a vote",
        "52.4%have votes in conflict",
        "9.1%of 11 with a gold label have no vote",
        "1 rule has no vote: rule3",
        "rule2 is right less often than chance: precision 0.091, base rate of its labels 0.476",
        "rule1 adds nothing: rule0 gives all its 12 votes too",
        "rule0 causes 12 57.14% 57.14% 52.38% 0 100% rule1 100% 0.833 0.552 to 0.953 0.524",
        "rule0rule2 11 11 100%",
        "rule0, rule1 100%",
        "plain 20 8 40.0% 11 1 9.1%",
        "gold: plain",
    ):
        assert said.replace(" ", "") in text.replace(" ", ""), said


def test_what_documents_and_rules_say_is_escaped() -> None:
    matrix_, evil = analysis(), replace(analysis(), task=EVIL)
    rules = tuple(replace(rule, labels=(EVIL,) * len(rule.labels)) for rule in evil.rules)
    plain = shown(AnalysisPart("dev", matrix_, uncovered()))
    page = Page(
        render_analysis(
            EVIL, {EVIL: EVIL}, [AnalysisPart(EVIL, replace(evil, rules=rules), uncovered(EVIL))]
        )
    )
    assert page.tags == plain.tags
    assert page.open == []
    assert page.text.count(EVIL) > 12


def test_nothing_is_loaded_from_outside() -> None:
    html = render_analysis("Rules", {}, [AnalysisPart("dev", analysis(), uncovered())])
    page = Page(html)
    links = {value for name, value in page.attributes if name in ("src", "href", "xlink:href")}
    assert all(link.startswith(("#", "data:")) for link in links)
    assert "url(http" not in html
    ids = [value for name, value in page.attributes if name == "id"]
    assert len(set(ids)) == len(ids)
    inside = [value[1:] for name, value in page.attributes if "href" in name and value[0] == "#"]
    assert set(inside) <= set(ids)


def test_ids_are_unique_over_parts() -> None:
    parts = [AnalysisPart(part, analysis(), uncovered()) for part in ("corpus", "dev")]
    ids = [value for name, value in shown(*parts).attributes if name == "id"]
    assert len(set(ids)) == len(ids)


def test_without_gold_nothing_is_said_of_it() -> None:
    text = words(shown(AnalysisPart("corpus", analysis(gold=False))))
    assert "carry no gold of this task" in text
    assert "base rate" not in text
    assert "Without a vote" not in text


def test_empty_states() -> None:
    silent = analyze_rules(matrix([], 5, 2))
    assert "No rule votes on any of the 5 candidates" in words(shown(AnalysisPart("dev", silent)))
    nothing = analyze_rules(matrix([], 0, 2))
    assert "There is no candidate of this task" in words(shown(AnalysisPart("dev", nothing)))
    assert "There are no rules to analyze" in words(shown())
    whole = analyze_rules(matrix([(0, 0, CAUSES)], 1, 1))
    text = words(shown(AnalysisPart("dev", whole, UncoveredSlice((), ()))))
    assert "Every candidate has a vote" in text
    assert "No two rules contradict each other" in text
    assert "Which rules say the same" not in text


def test_heat_maps_show_shares_of_the_row() -> None:
    html = render_analysis("Rules", {}, [AnalysisPart("dev", analysis())])
    cells = re.findall(r'style="--share: ([\d.]+)%" title="([^"]+)"', html)
    assert ("91.7", "rule0, rule2: 11 conflicts on 11 common candidates") in cells
    assert ("100.0", "rule2, rule0: 11 conflicts on 11 common candidates") in cells
    assert ("100.0", "rule0, rule1: the same vote on 12 of 12 common candidates") in cells


def test_of_many_rules_those_with_most_votes_are_compared() -> None:
    cast = [(c, lf, CAUSES if lf else NONE) for lf in range(45) for c in range(max(lf, 9))]
    html = render_analysis("Rules", {}, [AnalysisPart("dev", analyze_rules(matrix(cast, 50, 45)))])
    assert "5 rules with fewer votes are left out" in html
    assert html.count('<th scope="row">') == 2 * 40
