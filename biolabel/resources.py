"""Where packaged and external data lie; the only module that knows."""

import os
from pathlib import Path
from typing import Literal

from biolabel.errors import RunError

_PACKAGE = Path(__file__).resolve().parent

Kind = Literal["grammar", "kb", "tasks"]


def root(kind: Kind) -> Path:
    """Return the folder of the packaged grammar, knowledge bases or tasks.

    Raises:
        RunError: BL901 when neither the wheel's copy nor the checkout's exists.
    """
    shipped, checkout = _PACKAGE / "_data" / kind, _PACKAGE.parent / kind
    if shipped.is_dir():
        return shipped
    if checkout.is_dir() and (_PACKAGE.parent / "pyproject.toml").is_file():
        return checkout
    raise RunError("BL901", f"no {kind}/ in {shipped} nor {checkout}", hint="reinstall biolabel")


def data_root() -> Path:
    """Return the folder of the large corpora and knowledge bases, which may not exist.

    It is the environment variable BIOLABEL_DATA, else shared/data beside the checkout.
    """
    named = os.environ.get("BIOLABEL_DATA")
    return Path(named) if named else _PACKAGE.parent.parent / "shared" / "data"


def cache_root() -> Path:
    """Return the folder of built indices: BIOLABEL_CACHE, else the user's cache folder."""
    named = os.environ.get("BIOLABEL_CACHE")
    return Path(named) if named else Path.home() / ".cache" / "biolabel"
