"""The reference of the Python API: a page for each package, whose docstrings mkdocstrings reads."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

SURFACES = frozenset({"cli", "lsp", "web"})
"""Packages that are used through a terminal, an editor or a browser, and not from Python."""


def pages(package: Path) -> Mapping[str, str]:
    """Return the page of each package below biolabel by its name."""
    return {folder.name: "\n".join(_page(folder)) for folder in _folders(package)}


def contents(package: Path) -> str:
    """Return the page that lists the packages with what each is."""
    rows = [
        f"| [biolabel.{folder.name}](api/{folder.name}.md) | {_about(folder)} |"
        for folder in _folders(package)
    ]
    head = "# Python API\n\n| package | what it is |\n|---|---|"
    return "\n".join([head, *rows, ""])


def _folders(package: Path) -> list[Path]:
    folders = sorted(path.parent for path in package.glob("*/__init__.py"))
    return [folder for folder in folders if folder.name not in SURFACES]


def _page(folder: Path) -> Iterator[str]:
    """Yield the page of a package: what its modules hold, those without public names left out."""
    yield f"# biolabel.{folder.name}\n\n{_about(folder)}\n"
    for path in sorted(folder.rglob("*.py")):
        if (path.parent / "__init__.py").is_file() and _defines(path):
            module = path.relative_to(folder.parents[1]).with_suffix("")
            dotted = ".".join(part for part in module.parts if part != "__init__")
            yield f"## {dotted}\n\n::: {dotted}\n"


def _about(folder: Path) -> str:
    """Return the docstring of a package."""
    text = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
    return " ".join((text or "").split())


def _defines(path: Path) -> bool:
    """Return whether a module defines public names, rather than none or those of other modules."""
    top = ast.parse(path.read_text(encoding="utf-8")).body
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return any(isinstance(node, kinds) and not node.name.startswith("_") for node in top)
