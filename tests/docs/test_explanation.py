"""The pages of docs/explanation: their Python runs in order and prints what stands below it."""

import contextlib
import io
import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "explanation"
PAGES = sorted(FOLDER.glob("*.md"))
BLOCK = re.compile(r"^```(python|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_blocks_print_what_the_page_says(page: Path) -> None:
    names: dict[str, object] = {}
    printed = ""
    for language, block in BLOCK.findall(page.read_text(encoding="utf-8")):
        if language == "text":
            assert printed == block
            printed = ""
            continue
        assert printed == "", "what a block prints stands right below it"
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(block, str(page), "exec"), names)
        printed = out.getvalue()
    assert printed == ""


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_tests_and_scripts_that_a_page_names_exist(page: Path) -> None:
    root = FOLDER.parents[1]
    named = re.findall(r"`((?:tests|benchmarks|docs|biolabel)/[\w./]+)`", page.read_text("utf-8"))
    named += re.findall(r"`python (\S+\.py)", page.read_text("utf-8"))
    assert named != []
    assert [name for name in named if not (root / name).exists()] == []
