"""docs/end-model.md names the settings that there are, and their values."""

import re
from pathlib import Path

from biolabel.errors.codes import CATALOGUE
from biolabel.workflow.settings import EndModel, Fusion

PAGE = (Path(__file__).parents[2] / "docs" / "end-model.md").read_text(encoding="utf-8")


def test_every_setting_of_training_is_described() -> None:
    table = PAGE.partition("| setting of `[end_model]`")[2].partition("\n\n")[0]
    cells = [line.split("|")[1] for line in table.splitlines()[2:]]
    named = {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}
    assert named == EndModel.model_fields.keys() - {"encoder"}
    assert "`encoder` in `[end_model]`" in PAGE


def test_shares_and_codes_are_right() -> None:
    for name, share in Fusion().model_dump().items():
        assert f"`{name}` {share}" in PAGE
    assert set(re.findall(r"BL\d{3}", PAGE)) <= CATALOGUE.keys()
