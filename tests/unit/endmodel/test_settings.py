"""Settings refuse what no training could use."""

from typing import Any

import pytest

from biolabel.endmodel.settings import Settings
from biolabel.errors import ModelError


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"epochs": 0}, "epochs = 0; expected at least 1"),
        ({"rate": 2.0}, "rate = 2.0; expected 0 to 1"),
        ({"rate": float("nan")}, "rate = nan"),
        ({"batch_pieces": -5}, "batch_pieces = -5"),
        ({"window": 100, "overlap": 60}, "expected at most half of the window, 50"),
        ({"task_weights": {"cid": -1.0}}, "task weight cid = -1.0"),
    ],
)
def test_impossible_values_are_named(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(ModelError) as caught:
        Settings(**wrong)
    assert caught.value.code == "BL820"
    assert words in caught.value.message


def test_defaults_are_possible() -> None:
    assert Settings().encoder == "builtin"
