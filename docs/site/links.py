"""Links that leave docs/: in the checkout they lead to files, on the site to pages that show those files."""

import posixpath
import re
from collections.abc import Mapping
from pathlib import Path

_SKIP_OR_LINK = re.compile(
    r"(?P<skip>^```.*?^```|`[^`\n]*`)|(?P<text>\]\()(?P<target>[^)\s]+)(?P<end>\))",
    re.MULTILINE | re.DOTALL,
)
_FENCES = {".py": "python", ".toml": "toml", ".rules": "biolabel", ".json": "json", ".sh": "bash"}
COPIED = {"contributing.md": "CONTRIBUTING.md", "changelog.md": "CHANGELOG.md"}
"""Pages of the site that lie beside docs/, and where."""


def pages_of(root: Path, pages: Mapping[str, str]) -> dict[str, str]:
    """Return the text of a page for each file outside of docs/ that pages lead to, by its name.

    Args:
        root: the checkout.
        pages: the texts of the pages in docs/ by their path there.
    """
    made = {page: (root / name).read_text(encoding="utf-8") for page, name in COPIED.items()}
    waiting = {**pages, **made}
    while waiting:
        page, text = waiting.popitem()
        for name in _outside(root, _origin(page), text):
            shown = _shown_on(name)
            if shown not in made:
                made[shown] = _page(root, name)
                waiting[shown] = made[shown] if name.endswith(".md") else ""
    return made


def retargeted(root: Path, page: str, text: str) -> str:
    """Return a page's text with its links to files outside of docs/ as links to the pages of these."""
    origin = _origin(page)

    def replaced(match: re.Match[str]) -> str:
        if match["skip"]:
            return match[0]
        path, _, anchor = match["target"].partition("#")
        name = _resolved(root, origin, path)
        if name is None:
            return match[0]
        target = posixpath.relpath(_shown_on(name), posixpath.dirname(page) or ".")
        return f"{match['text']}{target}{'#' if anchor else ''}{anchor}{match['end']}"

    return _SKIP_OR_LINK.sub(replaced, text)


def _outside(root: Path, origin: str, text: str) -> list[str]:
    """Return the files of the checkout, not in docs/, that a text leads to."""
    targets = (match["target"] for match in _SKIP_OR_LINK.finditer(text) if not match["skip"])
    names = (_resolved(root, origin, target.partition("#")[0]) for target in targets)
    return [name for name in names if name and not name.startswith("docs/")]


def _resolved(root: Path, origin: str, path: str) -> str | None:
    """Return the file of the checkout that a link means; None if mkdocs finds it, or it is none."""
    if not path or re.match(r"[a-z]+:|/", path):
        return None
    name = posixpath.normpath(posixpath.join(posixpath.dirname(origin), path))
    if (root / name).is_dir():
        name = f"{name}/README.md"
    elif origin.startswith("docs/") and name.startswith("docs/"):
        return None
    return name if not name.startswith("..") and (root / name).is_file() else None


def _origin(page: str) -> str:
    """Return which file of the checkout a page of the site shows."""
    if page in COPIED:
        return COPIED[page]
    return page.removeprefix("source/") if page.startswith("source/") else f"docs/{page}"


def _shown_on(name: str) -> str:
    """Return the page of the site that shows a file of the checkout."""
    for page, copied in COPIED.items():
        if name == copied:
            return page
    if name.startswith("docs/"):
        return name.removeprefix("docs/")
    return f"source/{name}" if name.endswith(".md") else f"source/{name}.md"


def _page(root: Path, name: str) -> str:
    """Return the page of a file: a Markdown file is one, any other is shown as it is."""
    text = (root / name).read_text(encoding="utf-8")
    front = "---\nsearch:\n  exclude: true\n---\n\n"
    if name.endswith(".md"):
        return front + text
    fence = _FENCES.get(posixpath.splitext(name)[1], "text")
    return f"{front}# {name}\n\n````{fence}\n{text.rstrip()}\n````\n"
