import pytest

from biolabel.errors import ModelError
from biolabel.labelmodel.params import Settings


@pytest.mark.parametrize(
    "wrong",
    [
        {"method": "snorkel"},
        {"precision": 1.0},
        {"precision": float("nan")},
        {"belief": 0.0},
        {"belief": float("inf")},
        {"tolerance": 0.0},
        {"max_iterations": 0},
    ],
)
def test_settings_outside_their_range_are_named(wrong: dict[str, object]) -> None:
    with pytest.raises(ModelError, match=next(iter(wrong))) as caught:
        Settings(**wrong)  # type: ignore[arg-type]
    assert caught.value.code == "BL805"
