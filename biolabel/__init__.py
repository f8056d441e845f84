"""biolabel turns curators' rule files into labeled corpora, extraction models and knowledge bases."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from biolabel.api.pipeline import Pipeline

__version__ = "0.1.0"
__all__ = ["Pipeline", "__version__"]

if not TYPE_CHECKING:  # type checkers know the name from above, and no other one

    def __getattr__(name: str) -> object:
        """Return `Pipeline`, imported only when asked for: the command line must start at once."""
        if name == "Pipeline":
            return import_module("biolabel.api.pipeline").Pipeline
        raise AttributeError(f"module 'biolabel' has no attribute {name!r}")
