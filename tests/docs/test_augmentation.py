"""docs/augmentation.md: it has every transformation, policy and setting, and its settings can be read."""

import re
import tomllib
from pathlib import Path

from biolabel.augment.choice import NAMES, POLICIES
from biolabel.augment.wording import REACH
from biolabel.workflow.settings import Augment

PAGE = (Path(__file__).parents[2] / "docs" / "augmentation.md").read_text(encoding="utf-8")


def test_every_transformation_and_policy_has_a_row() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \|", PAGE, re.MULTILINE)
    assert [name for name in rows if name in NAMES] == list(NAMES)
    assert [name for name in rows if name in POLICIES] == list(POLICIES)
    assert f"within {REACH} words" in PAGE


def test_the_settings_are_all_there_and_read() -> None:
    [block] = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    settings = tomllib.loads(block)["augment"]
    assert settings.keys() == Augment.model_fields.keys()
    read = Augment.model_validate(settings)
    default = Augment()
    assert (read.copies, read.length, read.share, read.verify) == (
        default.copies,
        default.length,
        default.share,
        default.verify,
    )
    assert f"default: {default.policy}" in block
