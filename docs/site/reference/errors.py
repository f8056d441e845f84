"""The catalogue of error codes: what each means, a mistake that has it, what is said, and the right form."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from biolabel.errors import codes
from biolabel.errors.codes import CATALOGUE
from biolabel.errors.render import render
from biolabel.lang.explain import PREAMBLE, Shown, mistakes
from biolabel.lang.load import load_all

INTRODUCTION = """# Error codes

Every message of biolabel has a code. `biolabel explain BL101` shows on the terminal what stands here.
"""
_MODULES = [
    import_module(f"{codes.__name__}.{module.name}") for module in iter_modules(codes.__path__)
]
FAMILIES = sorted(
    (module for module in _MODULES if hasattr(module, "CODES")),
    key=lambda family: min(family.CODES),
)
_FILE = Path("/main.rules")
"""A name for a text; nothing is read from there."""


def page() -> str:
    """Return the page."""
    parts = [INTRODUCTION]
    for family in FAMILIES:
        codes = sorted(family.CODES)
        about = (family.__doc__ or "").partition(":")[2].strip()
        parts.append(f"## {codes[0]} to {codes[-1]}\n\n{about[:1].upper()}{about[1:]}\n")
        for code in codes:
            parts += _entry(code)
    return "\n".join(parts)


def _entry(code: str) -> Iterator[str]:
    yield f"### {code} {{ #{code} }}\n\n{escaped(CATALOGUE[code])}\n"
    shown = mistakes().get(code)
    if shown is not None:
        yield f"```biolabel\n{shown.wrong.strip()}\n```\n"
        yield f"```text\n{said(code, shown)}\n```\n"
        yield f"Right:\n\n```biolabel\n{shown.right.strip()}\n```\n"


def said(code: str, shown: Shown) -> str:
    """Return what `biolabel check` says of the mistake, without the lines of the file around it."""
    text = shown.wrong.lstrip() if shown.whole else PREAMBLE + shown.wrong
    checked = load_all([_FILE], {str(_FILE): text})
    found = next(each for each in checked.diagnostics if each.code == code)
    return re.sub(r"\n( *\d* *[|>]|  -->| *-->).*", "", render(found, checked.files))


def escaped(text: str) -> str:
    """Return a text whose signs mean nothing in Markdown, but for what stands in backticks."""
    return re.sub(r"`[^`]*`|[*_|<>\[\]\\]", lambda m: m[0] if m[0][0] == "`" else f"\\{m[0]}", text)
