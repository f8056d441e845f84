"""Environments of rivals: each has its own under .rivals/, so that their needs do not meet ours."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from frame import ROOT

FOLDER = ROOT / ".rivals"
SNORKEL = ("snorkel==0.10.0",)
"""Snorkel, of whose needs only those that its appliers import are installed: torch is not."""
SNORKEL_NEEDS = ("numpy==2.4.1", "pandas", "scikit-learn", "scipy", "tqdm")


def snorkel() -> Path:
    """Return the Python of an environment with Snorkel's appliers, made on first use."""
    return environment("snorkel", SNORKEL_NEEDS, SNORKEL)


def environment(name: str, packages: Sequence[str], alone: Sequence[str] = ()) -> Path:
    """Return the Python of an environment with packages from the index; `alone` without their needs.

    Raises:
        CalledProcessError: where the index cannot be asked, or lacks one.
    """
    folder = FOLDER / name
    python = folder / "bin" / "python"
    wanted = "\n".join((*packages, *alone))
    note = folder / "installed.txt"
    if not note.is_file() or note.read_text("utf-8") != wanted:
        run = [sys.executable, "-m", "venv", "--clear", str(folder)]
        subprocess.run(run, check=True)
        install = [str(python), "-m", "pip", "install", "--quiet"]
        subprocess.run([*install, *packages], check=True)
        subprocess.run([*install, "--no-deps", *alone], check=True)
        note.write_text(wanted, "utf-8")
    return python
