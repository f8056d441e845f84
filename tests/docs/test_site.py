"""The documentation as a site: its references leave nothing out, and its links lead somewhere."""

import importlib
import json
import re
from pathlib import Path
from types import ModuleType

import pytest
from typer.main import get_command

from biolabel.cli.app import app
from biolabel.errors.codes import CATALOGUE
from biolabel.lang.explain import mistakes
from biolabel.lang.grammar import declaration_words, fields_of

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "docs" / "site"
GRAMMAR = ROOT / "grammar" / "biolabel.lark"
SMALL = {
    *(
        "start",
        "header",
        "decl",
        "import_decl",
        "alias",
        "only",
        "field",
        "setting",
        "word",
        "source",
    ),
    *("added", "expand", "wtest", "params", "mapping", "arg", "scope", "cquant", "cargs", "case"),
    *("via", "example", "example_meta", "how_many", "count", "both", "under", "pair", "evidence"),
    *("score", "window", "quantity", "op", "column"),
}
"""Nodes of the grammar that are shown within the forms of others."""


@pytest.fixture(autouse=True)
def _scripts_importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(SITE))


@pytest.fixture
def language() -> ModuleType:
    return importlib.import_module("reference.language")


@pytest.fixture
def links() -> ModuleType:
    return importlib.import_module("links")


def test_every_node_of_the_grammar_is_in_the_reference(language: ModuleType) -> None:
    forms = language.Grammar(GRAMMAR.read_text(encoding="utf-8"))
    named = {
        option.alias or rule
        for rule, options in forms.rules.items()
        for option in options
        if option.alias or not rule.startswith("_")
    }
    shown = {each.node for constructs in language.CONSTRUCTS.values() for each in constructs}
    assert shown <= named
    wrapped = {"cond", "and_cond", "not_cond", "atom", "tok", "tand", "tnot", "tatom", "tval"}
    wrapped |= {"cexpr", "cand", "rule_field", "pattern_field", "condition_field"}
    left = {name for name in named - shown - SMALL - wrapped if not name.endswith("_decl")}
    assert left == set()


def test_every_field_is_in_the_reference(language: ModuleType) -> None:
    page = language.page(GRAMMAR, ROOT / "docs" / "language")
    for word in declaration_words() - {"biolabel"}:
        part = page.split(f"\n### {word}\n")[1].split("\n### ")[0]
        common = page.split("\n### Fields of all declarations\n")[1].split("\n## ")[0]
        rows = re.findall(r"^\| \[`(\w+):`", part + common, re.MULTILINE)
        assert set(fields_of(word)) <= set(rows), word
    assert "| |" not in page


def test_forms_are_as_one_types_them(language: ModuleType) -> None:
    forms = language.Grammar(
        'start: D_X NAME ("," NAME)* (meta | rest)*\nrest: F_WHEN cond ("either" | "or")?\n'
        "F_WHEN.8: /when[ \\t]*:/\nmeta: F_WHEN STRING -> field\nx_decl: D_X NAME meta*"
    )
    assert forms.shown(forms.rules["rest"][0]) == "when: CONDITION [either | or]"
    assert forms.shown(forms.rules["start"][0]).startswith("x NAME, ...")
    assert forms.first_line("x") == "x NAME"
    assert list(forms.fields("meta")) == [("F_WHEN", '"TEXT"')]


def test_what_no_block_shows_is_an_error(language: ModuleType) -> None:
    with pytest.raises(LookupError, match="no block of the manual shows"):
        language.Manual(ROOT / "docs" / "language").shows("has", heading="adjacency")


def test_every_code_is_in_the_catalogue() -> None:
    catalogue = importlib.import_module("reference.errors")
    page = catalogue.page()
    assert re.findall(r"^### (BL\d{3}) \{ #\1 \}$", page, re.MULTILINE) == [
        code for family in catalogue.FAMILIES for code in sorted(family.CODES)
    ]
    assert {code for family in catalogue.FAMILIES for code in family.CODES} == CATALOGUE.keys()
    assert page.count("\nRight:\n") == len(mistakes())
    assert catalogue.escaped("a*b `a*b` [x]") == "a\\*b `a*b` \\[x\\]"


def test_every_command_and_option_is_in_the_reference() -> None:
    page = importlib.import_module("reference.commands").page()
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        below = getattr(command, "commands", {name: command})
        for word, each in below.items():
            title = f"biolabel {name}" if each is command else f"biolabel {name} {word}"
            part = re.split(rf"(?m)^#+ {title}$", page)[1].split("\n#")[0]
            named = [option for every in each.params for option in every.opts if option[0] == "-"]
            assert [option for option in named if f"`{option}" not in part] == [], title


def test_every_package_but_the_surfaces_has_a_page() -> None:
    api = importlib.import_module("reference.api")
    pages = api.pages(ROOT / "biolabel")
    packages = {path.parent.name for path in (ROOT / "biolabel").glob("*/__init__.py")}
    assert pages.keys() == packages - api.SURFACES
    assert "::: biolabel.data.votes\n" in pages["data"]
    contents = api.contents(ROOT / "biolabel")
    assert all(f"(api/{name}.md)" in contents for name in pages)


def test_links_out_of_docs_lead_to_pages_that_show_the_files(
    links: ModuleType, tmp_path: Path
) -> None:
    for name, text in {
        "CONTRIBUTING.md": "[notes](docs/notes.md) [x](tasks/x)",
        "CHANGELOG.md": "",
        "benchmarks/time.py": "print(1)\n",
        "tasks/x/README.md": "[t](../../benchmarks/time.py)",
        "docs/notes.md": "",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    text = (
        "[a](../benchmarks/time.py#L1) [b](other.md) `[c](../benchmarks/time.py)` [d](../gone.py)"
    )
    pages = links.pages_of(tmp_path, {"notes.md": text})
    assert pages.keys() == {
        *("contributing.md", "changelog.md"),
        *("source/tasks/x/README.md", "source/benchmarks/time.py.md"),
    }
    assert "````python\nprint(1)\n````" in pages["source/benchmarks/time.py.md"]
    assert links.retargeted(tmp_path, "notes.md", text) == text.replace(
        "[a](../benchmarks/time.py", "[a](source/benchmarks/time.py.md"
    )
    made = links.retargeted(tmp_path, "contributing.md", pages["contributing.md"])
    assert made == "[notes](notes.md) [x](source/tasks/x/README.md)"
    shown = links.retargeted(tmp_path, "source/tasks/x/README.md", "[t](../../benchmarks/time.py)")
    assert shown == "[t](../../benchmarks/time.py.md)"


def test_what_a_browser_would_fetch_is_told_of(caplog: pytest.LogCaptureFixture) -> None:
    hooks = importlib.import_module("hooks")
    page = type("Page", (), {"file": type("File", (), {"src_uri": "a.md"})})
    hooks.on_post_page('<a href="https://x.org">x</a><link href="a.css">', page=page)
    assert caplog.messages == []
    hooks.on_post_page('<link rel="preconnect" href="https://fonts.gstatic.com">', page=page)
    assert len(caplog.messages) == 1


def test_words_behind_a_fences_language_are_not_shown() -> None:
    hooks = importlib.import_module("hooks")
    page = type("Page", (), {"file": type("File", (), {"src_uri": "a.md"})})
    text = "```biolabel check\nx\n```\n```csv pain-1.csv\ny\n```\n"
    assert hooks.on_page_markdown(text, page=page) == (
        '```biolabel\nx\n```\n```csv title="pain-1.csv"\ny\n```\n'
    )


def test_a_notebook_is_a_page() -> None:
    notebooks = importlib.import_module("notebooks")
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": ["1\n", "2\n"]},
        {"output_type": "execute_result", "data": {"text/plain": "x", "text/html": "<b>\n\n</b>"}},
        {"output_type": "display_data", "data": {"image/png": "AAAA\n"}},
        {"output_type": "execute_result", "data": {"text/plain": ["3"]}},
    ]
    cells = [
        {"cell_type": "markdown", "source": ["# Title\n", "text"]},
        {"cell_type": "code", "source": "f()", "outputs": outputs},
        {"cell_type": "code", "source": "", "outputs": []},
    ]
    assert notebooks.page(json.dumps({"nbformat": 4, "cells": cells})) == (
        "# Title\ntext\n\n````python\nf()\n````\n\n````text\n1\n2\n````\n\n"
        '<div class="notebook-output">\n<b>\n</b>\n</div>\n\n'
        "![](data:image/png;base64,AAAA)\n\n````text\n3\n````\n"
    )


def test_the_picture_is_what_its_script_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "docs" / "pictures"))
    drawn = importlib.import_module("way").picture()
    assert (ROOT / "docs" / "pictures" / "way.svg").read_text(encoding="utf-8") == drawn


def test_every_rule_on_a_page_has_its_colors() -> None:
    coloring = importlib.import_module("coloring")
    coloring.register()
    from pygments.lexers import get_lexer_by_name
    from pygments.token import Error, Keyword, Name

    lexer = get_lexer_by_name("biolabel")
    found = set()
    for path in sorted((ROOT / "tasks" / "demo" / "rules").glob("*.rules")):
        text = path.read_text(encoding="utf-8")
        tokens = list(lexer.get_tokens(text))
        assert "".join(part for _, part in tokens).strip() == text.strip()
        assert Error not in {kind for kind, _ in tokens}
        found |= set(tokens)
    assert {(Keyword.Declaration, "rule"), (Name.Attribute, "when"), (Keyword, "and")} <= found
