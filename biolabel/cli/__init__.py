"""The command line; `main` is the console script."""

from biolabel.cli.app import main

__all__ = ["main"]
