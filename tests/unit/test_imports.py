"""What an import may cost: rule files and the command line load neither spaCy nor torch."""

import subprocess
import sys

import pytest

HEAVY = ("spacy", "torch", "transformers")
WHOLE = """
import importlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, sys.argv[1] + "."):
    importlib.import_module(module.name)
print(*sys.modules)
"""
ALONE = "import importlib, sys; importlib.import_module(sys.argv[1]); print(*sys.modules)"


def loaded(program: str, package: str) -> set[str]:
    """Return the names of all modules that a fresh interpreter has after an import."""
    done = subprocess.run(
        [sys.executable, "-c", program, package], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "package", ["errors", "data", "kb", "lang", "compile", "text", "lsp", "web"]
)
def test_every_module_is_light(package: str) -> None:
    assert loaded(WHOLE, f"biolabel.{package}").isdisjoint(HEAVY)


def test_command_line_is_light() -> None:
    assert loaded(ALONE, "biolabel.cli").isdisjoint(HEAVY)
