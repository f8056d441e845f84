"""The scripts of corpora_scripts, loaded by path: biolabel never imports them."""

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "corpora_scripts"


@pytest.fixture(scope="session")
def script() -> Callable[[str], ModuleType]:
    """Load a script by its name."""

    def load(name: str) -> ModuleType:
        key = f"corpora_scripts_{name}"
        if key not in sys.modules:
            spec = importlib.util.spec_from_file_location(key, SCRIPTS / f"{name}.py")
            assert spec is not None
            assert spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            sys.modules[key] = module  # dataclasses look their module up
            spec.loader.exec_module(module)
        return sys.modules[key]

    return load
