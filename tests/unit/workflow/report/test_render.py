import os
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from biolabel.augment.learn import Gain
from biolabel.augment.pool import Outcome, Pool
from biolabel.augment.verify import Tally
from biolabel.curation import Assertion, Evidence, Statement
from biolabel.data.labels import LabelingFunction, LabelMatrix, Task
from biolabel.errors import RunError
from biolabel.evaluation.calibration import reliability
from biolabel.evaluation.pieces import Piece
from biolabel.evaluation.rules import MatrixAnalysis, analyze_rules
from biolabel.labelmodel.choice import Choice, Trial
from biolabel.labelmodel.reasons.beside import Beside, Difference
from biolabel.labelmodel.reasons.bonds import Bond
from biolabel.labelmodel.reasons.contributions import Contribution, RowReasons
from biolabel.labelmodel.reasons.intervals import Worth
from biolabel.labelmodel.reasons.reasons import Concern, Reason
from biolabel.text.rejects import Reject
from biolabel.workflow.cache import StageNote
from biolabel.workflow.report.data import Augmentation, ReportData, TaskReport
from biolabel.workflow.report.render import render, write_report
from biolabel.workflow.scores import ScoreRow
from biolabel.workflow.trust import Trust
from tests.unit.workflow.report.pages import EVIL, Page


def analysis(*names: str, gold: bool = False) -> MatrixAnalysis:
    """Return the analysis of two votes a labeling function, which conflict."""
    m = len(names)
    matrix = LabelMatrix(
        Task("cid", "relation", ("none", "causes")),
        tuple(map(LabelingFunction, names)),
        5,
        np.repeat(np.arange(2), m).astype(np.int32),
        np.tile(np.arange(m), 2).astype(np.int16),
        1 << np.resize([0, 1, 1], 2 * m).astype(np.int64),
    )
    return analyze_rules(matrix, np.array([2, 1, -1, 2, 1], dtype=np.int64) if gold else None)


def report(text: str = "plain") -> ReportData:
    """Return a report in which every text that can come from outside is `text`."""
    rules = analysis("verb", text)
    task = TaskReport(
        analysis=replace(rules, task=text),
        reasons=(
            Reason("verb", "", 2, 0.83, float("nan"), 0.4, 0.1, 1.5),
            Reason(text, "a", 2, 0.7, 0.6, 0.4, 0.1, 1.2),
            Reason(text, "b", 2, 0.6, 0.6, 0.4, 0.1, -0.2),
        ),
        concerns=(Concern("BL811", text),),
        measured=analysis("verb", text, gold=True),
        reliability={text: reliability(np.array([0.2, 0.9]), np.array([False, True]))},
        bonds=(Bond("verb", text, (text,), False), Bond(text, "noun", (), True)),
        choice=Choice((Trial(text, -0.5, 0.01, text), Trial("em", -0.6, 0.02)), text, text),
        trust=Trust(
            worth=(Worth(text, 2, 0.7, 0.4, 0.9, 0.4, 0.1, 0.8),),
            compared=Beside(1200, 0.97, (Difference(3, 41, 0.4, (0.1, 0.9), (0.5, 0.5)),)),
            rows=(RowReasons(3, text, 2.0, (Contribution((text, "verb"), (text,), -1.25),)),),
            concerns=(),
        ),
        texts=((Piece("The rise of "), Piece(text, "drug"), Piece(text)),),
    )
    evidence = (
        Evidence(text, text, text, 3, 9, 0.9, ("verb", text), (text,)),
        Evidence("2", "", "", 0, 0, None),
    )
    return ReportData(
        title=text,
        card={text: text},
        facts={"seed": text},
        stages=(
            StageNote("ingest", text, Path(), {}, True, 0.04),
            StageNote("fit", "k", Path(), {}, False, 3.2),
        ),
        scores=(
            ScoreRow(text, "pairs", "given", "majority", 0.5, 0.25, 1 / 3, 0.3, 0.4),
            ScoreRow(text, "pairs", "given", f"best rule: {text}", 0.5, 0.5, 0.5),
            ScoreRow("topic", text, "own", "end_model", None, None, 0.8123, accuracy=0.9),
        ),
        tasks=(task,),
        augmentation=Augmentation(
            text,
            Pool({}, {text: Outcome(5, 1, {text: Tally(40, 3, 2)})}, {text: 0.25}),
            {text: Gain(0.0123, 0.004)},
        ),
        assertions=(Assertion("MESH:D1", text, text, text, text, 0.98, 0.9, 2, "new", evidence),),
        n_assertions=1234,
        rejects=(Reject(text, 7, text, "mention", text, text),) * 120,
    )


@cache
def rendered(text: str = "plain") -> str:
    return render(report(text))


def test_what_documents_and_rules_say_is_escaped() -> None:
    plain, evil = Page(rendered()), Page(rendered(EVIL))
    assert evil.tags == plain.tags
    assert evil.tags.count("script") == 1
    assert evil.open == []
    assert evil.text.count(EVIL) == plain.text.count("plain")
    assert evil.text.count(EVIL) > 100


def test_nothing_is_loaded_from_outside() -> None:
    html = rendered()
    page = Page(html)
    links = {value for name, value in page.attributes if name in ("src", "href", "xlink:href")}
    assert all(link.startswith(("#", "data:")) for link in links)
    assert {tag for tag in page.tags if tag in ("img", "iframe", "object")} == set()
    assert "@import" not in html
    assert "url(http" not in html


def test_ids_are_unique_and_references_lead_somewhere() -> None:
    attributes = Page(rendered()).attributes
    ids = [value for name, value in attributes if name == "id"]
    assert len(set(ids)) == len(ids)
    inside = [value[1:] for name, value in attributes if "href" in name and value[0] == "#"]
    assert set(inside) <= set(ids)


def test_scores_stand_beside_each_other() -> None:
    text = " ".join(Page(rendered("cid")).text.split())
    assert "pairs, given mentions majority vote 0.500 0.250 0.333 0.300 to 0.400" in text
    assert "best rule: cid 0.500 0.500 0.500" in text
    assert "Scores of topic" in text
    assert "end model 0.812 macro F1; accuracy 0.900" in text
    assert "metric majority vote best rule end model cid: pairs, given mentions0.333 0.500" in text
    (best,) = re.findall(r'<tr class="best">\s*<td>(best rule[^<]*)', rendered("cid"))
    assert best == "best rule: cid"


def test_labeling_functions_with_estimates_and_measures() -> None:
    text = " ".join(Page(rendered("other")).text.split())
    assert "2 labeling functions vote on 40.0% of 5 candidates" in text
    assert "verb none causes 2 40.00% 40.00% 40.00% 0.000 0.830 +1.50" in text
    assert "a 0.700b 0.600 0.400 to 0.900 +1.20-0.20" in text
    assert "BL811 other" in text
    assert "not predicted there" in text
    assert "No place is known" in text


def test_the_label_model_says_how_it_was_chosen_and_where_it_parts_from_majority() -> None:
    page = Page(rendered())
    for part in (
        "plain, because plain.",
        "They decide alike on 97.0% of 1,200 rows with votes. Where they part most:",
        "label model 0.900, majority vote 0.500; 41 such rows",
        "plain, verb -1.2",
        "other tasks +0.2",
        "0.400 to 0.900",
        "The rise of plain",
    ):
        assert part in re.sub(r"\s+", " ", page.text)


def test_augmentation_says_what_became_of_the_labels() -> None:
    text = " ".join(Page(rendered("words")).text.split())
    assert "by the policy words" in text
    assert "words 0.250 +0.0123 0.0040 5 1 words 40 3 2" in text
    without = Page(render(ReportData("None", {}, {}))).text
    assert "Augmentation" not in without


def test_rejects_are_counted_and_cut() -> None:
    html = rendered()
    assert "mention 120" in html
    assert "The first 100 of 120" in html
    assert html.count("<td>mention</td>") == 100


def test_what_is_cut_is_said() -> None:
    rules = analysis(*(f"rule{i}" for i in range(9)))
    row = Evidence("1", "title", "text", 0, 4, 0.5)
    claim = Assertion("a", "causes", "b", "a", "b", 0.5, 0.5, 1, "new", (row,) * 103)
    html = render(ReportData("Long", {}, {}, tasks=(TaskReport(rules),), assertions=(claim,)))
    assert f"The 15 most frequent of {len(rules.clashes)} pairs" in html
    assert html.count("<blockquote>") == 100
    assert "3 more in the table of assertions" in html


def test_known_pairs_cite_the_latest_papers() -> None:
    papers = tuple(map(str, range(7)))
    stated = (Statement("ctd", papers), Statement("labels"))
    claim = Assertion("a", "causes", "b", "a", "b", 0.5, 0.5, 1, "known", (), stated)
    html = render(ReportData("Known", {}, {}, assertions=(claim,)))
    assert "known from ctd: 2, 3, 4, 5, 6 and 2 older ones<" in html
    assert "known from labels<" in html


def test_what_denies_a_pair_and_what_is_more_general_is_shown() -> None:
    denied = (Statement("therapy"),)
    general = (Statement("ctd", ("8",), ("a", "<up>")),)
    rows = (Evidence("1", "", "x", 0, 1, None, by_rules=0.25, by_text=0.125),)
    claim = Assertion(
        "a", "causes", "b", "a", "b", 0.5, 0.5, 1, "contradicts", rows, (), denied, general, 2
    )
    html = render(ReportData("Denied", {}, {}, assertions=(claim,)))
    assert "1 document, 2 against<" in html
    assert "contradicts therapy<" in html
    assert "not predicted there, by rules alone 0.250, by text alone 0.125<" in html
    assert "refines ctd, which has a and &lt;up&gt;: 8<" in html


def test_a_run_with_little_to_show() -> None:
    bare = ReportData("Empty", {}, {}, tasks=(TaskReport(analysis()), TaskReport(analysis("one"))))
    page = Page(render(bare))
    assert page.open == []
    assert "0 labeling functions vote on 0.0%" in " ".join(page.text.split())
    assert "Rejects" not in page.text
    assert "Assertions" not in page.text


def test_the_same_data_give_the_same_bytes() -> None:
    assert render(report()) == rendered()


def test_writing(tmp_path: Path) -> None:
    path = tmp_path / "out" / "report.html"
    write_report(path, report())
    assert path.read_text(encoding="utf-8") == rendered()
    assert os.listdir(path.parent) == ["report.html"]


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError) as caught:
        write_report(tmp_path / "file" / "report.html", report())
    assert caught.value.code == "BL906"
