"""What mkdocs calls while it builds the site: pages that are made from code, and links beside docs/."""

import logging
import re
from pathlib import Path

import coloring
import links
import notebooks
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from reference import api, commands, errors, language

ROOT = Path(__file__).resolve().parents[2]
_FENCE = re.compile(r"^```(?P<language>[a-z]+) (?P<rest>[\w. /=-]+)$", re.MULTILINE)
_FETCHED = re.compile(
    r"<(?:script|link|img|iframe|source)\b[^>]*?(?:src|href)=\"(?:https?:)?//[^\"]*"
)
_LOG = logging.getLogger("mkdocs.biolabel")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Teach the site the colors of rules."""
    coloring.register()
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made at each build."""
    pages = {file.src_uri: file.content_string for file in files.documentation_pages()}
    shown = {
        str(Path(file.src_uri).with_suffix(".md")): notebooks.page(file.content_string)
        for file in files
        if file.src_uri.endswith(".ipynb")
    }
    made = {**links.pages_of(ROOT, {**pages, **shown}), **shown, **_reference()}
    for name, text in made.items():
        files.append(File.generated(config, name, content=text))
    return files


def _reference() -> dict[str, str]:
    """Return the pages that are made from code, by where they stand."""
    package = ROOT / "biolabel"
    return {
        "reference/language.md": language.page(
            ROOT / "grammar" / "biolabel.lark", ROOT / "docs/language"
        ),
        "reference/errors.md": errors.page(),
        "reference/commands.md": commands.page(),
        "reference/api.md": api.contents(package),
        **{f"reference/api/{name}.md": text for name, text in api.pages(package).items()},
    }


def on_page_markdown(markdown: str, page: Page, **_rest: object) -> str:
    """Point links out of docs/ to pages of the site, and show what stands behind a fence's language."""
    fences = _FENCE.sub(lambda fence: _titled(fence["language"], fence["rest"]), markdown)
    return links.retargeted(ROOT, page.file.src_uri, fences)


def _titled(language: str, rest: str) -> str:
    """Return the opening of a block: a file's name becomes its title, words for the tests go."""
    return f'```{language} title="{rest}"' if "." in rest else f"```{language}"


def on_post_page(output: str, page: Page, **_rest: object) -> str:
    """Warn, which stops a strict build, where a browser would fetch something from elsewhere."""
    for found in _FETCHED.findall(output):
        _LOG.warning("%s is not complete without network: %s", page.file.src_uri, found)
    return output
