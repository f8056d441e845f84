"""The model as a value."""

from biolabel.data.training import LabeledDocument
from biolabel.endmodel.model import EndModel


def test_it_reads_within_its_window(model: EndModel, documents: list[LabeledDocument]) -> None:
    assert model.window == 64
    assert len(model.read(documents[0]).windows[0]) <= 64
