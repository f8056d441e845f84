import io
import re
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from rich.console import Console

from biolabel.cli.models import end_model_tables, epoch_table, label_model_tables
from biolabel.data.labels import LabelingFunction, LabelMatrix, Task, TaskGraph
from biolabel.endmodel.calibration import Quality
from biolabel.endmodel.model import EndModel, Epoch
from biolabel.evaluation.rules import MatrixAnalysis, Measure, RuleAnalysis
from biolabel.labelmodel.choice import Choice, Trial
from biolabel.labelmodel.model import fit
from biolabel.labelmodel.params import Settings
from biolabel.workflow.fit import Fitted
from biolabel.workflow.trust import trust

KIND = Task("kind", "document", ("harm", "other"))


def fitted() -> Fitted:
    """Return a label model of two rules, which is one too few."""
    matrix = LabelMatrix(
        KIND,
        (LabelingFunction("bold", 0.9, frozenset({"a list"})), LabelingFunction("timid", 0.6)),
        3,
        np.array([0, 0, 1], dtype=np.int32),
        np.array([0, 1, 0], dtype=np.int16),
        np.array([1, 1, 2], dtype=np.int64),
    )
    documents = {"kind": np.arange(3, dtype=np.int32)}
    graph = TaskGraph((KIND,), (), 3, documents)
    model, majority = (
        fit({"kind": matrix}, graph, settings)
        for settings in (Settings(), Settings(method="majority"))
    )
    return Fitted(model, majority, trust(model, majority, {"kind": matrix}, graph))


def shown(parts: Iterable[object]) -> str:
    """Return what is printed."""
    console = Console(width=200, file=io.StringIO(), color_system=None, markup=False)
    with console.capture() as capture:
        for part in parts:
            console.print(part)
    return capture.get()


def test_every_rule_has_its_estimate() -> None:
    text = shown(label_model_tables(fitted(), {}))
    assert re.search(r"kind: \w+; class prior harm 0\.", text)
    lines = [line for line in text.splitlines() if line.startswith("│")]
    names = [line.split("│")[1].split()[0] for line in lines]
    assert names[:2] == ["bold", "timid"]
    assert re.search(r"bold .* [01]\.\d{3} to [01]\.\d{3} .* a list", lines[0])


def test_it_says_how_far_the_majority_vote_is_from_it() -> None:
    text = shown(label_model_tables(fitted(), {}))
    assert "kind: as the majority vote on 100.0% of 2 rows with votes" in text


def test_gold_on_dev_stands_beside_the_estimates() -> None:
    rules = (
        RuleAnalysis("bold", 8, 0.8, 0.0, 0.0, ("harm",), Measure(8, 6, 0.5)),
        RuleAnalysis("timid", 1, 0.1, 0.0, 0.0, ("harm",)),
    )
    text = shown(
        label_model_tables(fitted(), {"kind": MatrixAnalysis("kind", 10, 0.9, 0.0, 0.0, 1, rules)})
    )
    bold, timid = [line for line in text.splitlines() if line.startswith(("│ bold", "│ timid"))][:2]
    assert "precision on dev" in text
    assert "0.750 (0.409 to 0.929)" in bold  # Wilson's interval of 6 in 8
    assert timid.split("│")[-3].strip() == ""
    assert "precision on dev" not in shown(label_model_tables(fitted(), {}))


def test_a_choice_stands_before_the_rules() -> None:
    found = fitted()
    choice = Choice(
        (Trial("em", -0.51, 0.02), Trial("triplets", -0.6, 0.1, "unsure")), "em", "best"
    )
    tasks = {"kind": replace(found.model.tasks["kind"], choice=choice)}
    text = shown(label_model_tables(replace(found, model=replace(found.model, tasks=tasks)), {}))
    assert "kind: em, because best" in text
    assert re.search(r"em \(chosen\) .* -0.5100 ± 0.0200", text)


def test_warnings_stand_below_their_task() -> None:
    assert "warning[BL811]: `kind` has votes of 2 labeling functions" in shown(
        label_model_tables(fitted(), {})
    )


def test_the_kept_epoch_is_marked() -> None:
    epochs = (
        Epoch({"kind": 1.0}, {"kind": 0.5}, 1.4),
        Epoch({"kind": 0.5, "cid": 0.25}, {"kind": 0.7}, 2.0),
    )
    model = EndModel.__new__(EndModel)
    object.__setattr__(model, "epochs", epochs)
    object.__setattr__(model, "kept", 0)
    lines = [line for line in shown([epoch_table(model)]).splitlines() if line.startswith("│")]
    assert [[cell.strip() for cell in line.strip("│").split("│")] for line in lines] == [
        ["1 (kept)", "1.0000", "0.5000", "1"],
        ["2", "0.7500", "0.7000", "2"],
    ]


def test_the_quality_of_an_end_model_and_what_it_lacks() -> None:
    quality = {"cid": Quality(120, 0.915, 1.25, 0.4, 0.35)}
    model = EndModel(
        network=None,  # type: ignore[arg-type]
        tokenizer=None,  # type: ignore[arg-type]
        tasks=(KIND,),
        settings=None,  # type: ignore[arg-type]
        window=512,
        split=2,
        quality=quality,
    )
    text = shown(end_model_tables(model, ["topic"]))
    assert all(part in text for part in ("91.5%", "0.4000", "0.3500", "1.25", "2 times"))
    assert "warning[BL837]: no rule votes on topic" in text
    plain = shown(end_model_tables(replace(model, quality={}, split=0), []))
    assert "held-out documents" not in plain
    assert "warning" not in plain
