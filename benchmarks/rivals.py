"""Environments of rivals: each has its own under .rivals/, so that their needs do not meet ours."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from frame import ROOT

FOLDER = ROOT / ".rivals"
SNORKEL = ("snorkel==0.10.0",)
"""Snorkel, of whose needs only those that its appliers import are installed: torch is not."""
SNORKEL_NEEDS = ("numpy==2.4.1", "pandas", "scikit-learn", "scipy", "tqdm")
TORCH = "torch==2.13.0"


@dataclass(frozen=True, slots=True)
class Patch:
    """A text that a file of a package is to hold instead of another, at every place."""

    path: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Rival:
    """What a label model of others needs: packages, those installed without their needs, patches."""

    packages: tuple[str, ...]
    alone: tuple[str, ...] = ()
    patches: tuple[Patch, ...] = ()


# networkx dropped `Graph.node` in 2.4, and torch masks by bytes in 1.2. FlyingSquid and CAGE (in
# SPEAR) are not on the package index, so they cannot be compared.
LABEL_MODELS: Mapping[str, Rival] = {
    "snorkel": Rival(("snorkel==0.10.0", TORCH, "numpy==2.4.1")),
    "metal": Rival(
        (
            TORCH,
            "numpy==2.4.1",
            "networkx",
            "pandas",
            "scipy",
            "scikit-learn",
            "tqdm",
            "dill",
            "tensorboardX",
        ),
        ("snorkel-metal==0.5.0",),
        (
            Patch("metal/label_model/graph_utils.py", ".node[", ".nodes["),
            Patch("metal/label_model/label_model.py", ".node[", ".nodes["),
            Patch("metal/label_model/label_model.py", "self.d).byte()", "self.d).bool()"),
        ),
    ),
    "skweak": Rival(("skweak==0.3.3", "numpy==2.4.1")),
    "dawid_skene": Rival(
        ("numpy==2.4.1", "pandas", "scikit-learn", "attrs", "tqdm", "nltk", "pyarrow"),
        ("crowd-kit==1.4.2",),
    ),
    "hyperlm": Rival(("hyperlm==0.0.5", TORCH, "numpy==2.4.1")),
}
"""The label models that the package index has. An environment's name is `label_model_` and its own."""


def snorkel() -> Path:
    """Return the Python of an environment with Snorkel's appliers, made on first use."""
    return environment("snorkel", SNORKEL_NEEDS, SNORKEL)


def label_model(name: str) -> Path:
    """Return the Python of an environment with a label model of `LABEL_MODELS`, made on first use."""
    rival = LABEL_MODELS[name]
    return environment(f"label_model_{name}", rival.packages, rival.alone, rival.patches)


def environment(
    name: str, packages: Sequence[str], alone: Sequence[str] = (), patches: Sequence[Patch] = ()
) -> Path:
    """Return the Python of an environment with packages from the index; `alone` without their needs.

    Raises:
        CalledProcessError: where the index cannot be asked, or lacks one.
        ValueError: where a patch does not apply.
    """
    folder = FOLDER / name
    python = folder / "bin" / "python"
    wanted = "\n".join((*packages, *alone, *map(repr, patches)))
    note = folder / "installed.txt"
    if not note.is_file() or note.read_text("utf-8") != wanted:
        run = [sys.executable, "-m", "venv", "--clear", str(folder)]
        subprocess.run(run, check=True)
        install = [str(python), "-m", "pip", "install", "--quiet"]
        subprocess.run([*install, *packages], check=True)
        if alone:
            subprocess.run([*install, "--no-deps", *alone], check=True)
        for patch in patches:
            _apply(patch, folder)
        note.write_text(wanted, "utf-8")
    return python


def _apply(patch: Patch, folder: Path) -> None:
    [path] = folder.glob(f"lib/python*/site-packages/{patch.path}")
    text = path.read_text("utf-8")
    if patch.old not in text:
        raise ValueError(f"{path} has no `{patch.old}`")
    path.write_text(text.replace(patch.old, patch.new), "utf-8")
