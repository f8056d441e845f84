import io
from collections.abc import Iterable

import numpy as np
from rich.console import Console

from biolabel.cli.models import epoch_table, label_model_tables
from biolabel.data.labels import LabelingFunction, LabelMatrix, Task, TaskGraph
from biolabel.endmodel.model import EndModel, Epoch
from biolabel.labelmodel.model import fit
from biolabel.labelmodel.params import LabelModelParams, Settings

KIND = Task("kind", "document", ("harm", "other"))


def fitted() -> LabelModelParams:
    """Return a label model of two rules, which is one too few."""
    matrix = LabelMatrix(
        KIND,
        (LabelingFunction("bold", 0.9), LabelingFunction("timid", 0.6)),
        3,
        np.array([0, 0, 1], dtype=np.int32),
        np.array([0, 1, 0], dtype=np.int16),
        np.array([1, 1, 2], dtype=np.int64),
    )
    documents = {"kind": np.arange(3, dtype=np.int32)}
    return fit({"kind": matrix}, TaskGraph((KIND,), (), 3, documents), Settings())


def shown(parts: Iterable[object]) -> str:
    """Return what is printed."""
    console = Console(width=200, file=io.StringIO(), color_system=None, markup=False)
    with console.capture() as capture:
        for part in parts:
            console.print(part)
    return capture.get()


def test_every_rule_has_its_estimate() -> None:
    text = shown(label_model_tables(fitted()))
    assert "kind: em; class prior harm 0." in text
    lines = [line for line in text.splitlines() if line.startswith("│")]
    assert [line.split("│")[1].split()[0] for line in lines] == ["bold", "timid"]


def test_warnings_stand_below_their_task() -> None:
    assert "warning[BL811]: `kind` has votes of 2 labeling functions" in shown(
        label_model_tables(fitted())
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
