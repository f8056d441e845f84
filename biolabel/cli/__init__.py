"""The command line; `main` is the console script."""

from biolabel.cli.start import main

__all__ = ["main"]
