"""This folder as a package, for `python corpora_scripts/NAME.py` from any folder.

Python looks for the modules of a script beside it first, and so finds this one as `corpora_scripts`. With
`python -m corpora_scripts.NAME`, in the checkout, nothing of it is read.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

FOLDER = Path(__file__).parent
__path__ = [str(FOLDER)]

if find_spec("biolabel") is None:
    python = FOLDER.parent / ".venv" / "bin" / "python"
    sys.exit(
        f"error: biolabel is not installed for {sys.executable}\n"
        f"  = hint: run `make setup` in {FOLDER.parent}, and then the script with {python}"
    )
