"""Names of policies and transformations."""

import subprocess
import sys

from biolabel.augment.choice import NAMES, POLICIES, RATES


def test_there_are_five_policies_and_six_transformations_with_rates() -> None:
    assert len(POLICIES) == 5
    assert len(NAMES) == 6
    assert set(RATES) == set(NAMES)


def test_settings_are_read_without_arrays() -> None:
    code = "import sys, biolabel.augment.choice; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
