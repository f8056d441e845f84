"""Settings of augmentation."""

from typing import Any

import pytest

from biolabel.augment.choice import RATES
from biolabel.augment.settings import Settings
from biolabel.errors import ModelError


@pytest.mark.parametrize(
    ("settings", "code", "said"),
    [
        ({"policy": "learnt"}, "BL842", "did you mean `learned`"),
        ({"rates": {"synonym": 0.5}}, "BL842", "did you mean `synonyms`"),
        ({"rates": {"words": 2.0}}, "BL840", "`words`"),
        ({"share": -1.0}, "BL840", "`share`"),
        ({"rates": {"words": 0.1}, "probabilities": {"pairs": 1.0}}, "BL842", "pairs"),
        ({"length": 0}, "BL842", "length 0"),
        ({"copies": -1}, "BL842", "copies -1"),
    ],
)
def test_what_cannot_be_is_refused(settings: dict[str, Any], code: str, said: str) -> None:
    with pytest.raises(ModelError) as caught:
        Settings(**settings)
    assert caught.value.code == code
    assert said in f"{caught.value.message} {caught.value.hint}"


def test_without_probabilities_all_are_alike() -> None:
    assert set(Settings().mean_field().values()) == {1 / len(RATES)}
    assert Settings(probabilities={"words": 0.2}).mean_field() == {"words": 0.2}
    assert Settings(rates={}).mean_field() == {}
