"""What mkdocs calls while it builds the site: pages that are made from code, and links beside docs/."""

import re
from pathlib import Path

import links
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[2]
_FENCE = re.compile(r"^```(?P<language>[a-z]+) (?P<rest>[\w. -]+)$", re.MULTILINE)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made at each build."""
    pages = {file.src_uri: file.content_string for file in files.documentation_pages()}
    for name, text in links.pages_of(ROOT, pages).items():
        files.append(File.generated(config, name, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, **_rest: object) -> str:
    """Point links out of docs/ to pages of the site, and show what stands behind a fence's language."""
    fences = _FENCE.sub(lambda fence: _titled(fence["language"], fence["rest"]), markdown)
    return links.retargeted(ROOT, page.file.src_uri, fences)


def _titled(language: str, rest: str) -> str:
    """Return the opening of a block: a file's name becomes its title, words for the tests go."""
    return f'```{language} title="{rest}"' if "." in rest else f"```{language}"
