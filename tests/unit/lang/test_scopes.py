"""What files see of each other."""

from collections.abc import Callable
from pathlib import Path

import pytest

from biolabel.lang.load import load, load_all
from biolabel.lang.program import Checked

Files = Callable[[str], Checked]


@pytest.fixture
def library(tmp_path: Path) -> Files:
    """Return a function that checks a main file beside lib.rules and deep.rules."""
    (tmp_path / "lib.rules").write_text(
        'biolabel 1\nimport "deep.rules" as deep only far\nlist a\n  words: x\n  include: deep.far\n'
        "list b\n  words: y\npattern p\n  is: b\n"
    )
    (tmp_path / "deep.rules").write_text(
        "biolabel 1\nlist far\n  include: hidden\nlist hidden\n  words: z\n"
    )

    def check(main: str) -> Checked:
        (tmp_path / "main.rules").write_text(f"biolabel 1\n{main}")
        return load(tmp_path / "main.rules")

    return check


def names(result: Checked) -> list[str]:
    assert result.program is not None, result.diagnostics
    return sorted([*result.program.lists, *result.program.patterns])


def test_imported_names_are_merged(library: Files) -> None:
    assert names(library('import "lib.rules"\n')) == ["a", "b", "deep.far", "deep.hidden", "p"]


def test_an_alias_qualifies_names_and_what_they_use(library: Files) -> None:
    result = library('import "lib.rules" as lib\nlist a\n  include: lib.a\n')
    assert names(result) == ["a", "deep.hidden", "lib.a", "lib.b", "lib.deep.far", "lib.p"]
    assert result.program is not None
    assert [n.text for n in result.program.lists["a"].include] == ["lib.a"]
    assert [n.text for n in result.program.lists["lib.a"].include] == ["lib.deep.far"]
    assert result.program.lists["lib.b"].name.text == "lib.b"


def test_only_brings_what_is_asked_for_and_what_it_needs(library: Files) -> None:
    assert names(library('import "lib.rules" only p\n')) == ["lib.b", "p"]
    assert names(library('import "lib.rules" as l only b\n')) == ["l.b"]


def test_a_name_that_is_needed_unseen_gives_way_to_one_that_is_seen(library: Files) -> None:
    result = library(
        'import "lib.rules" only p\nimport "lib.rules" as lib only a\nlist b\n  words: q\n'
    )
    assert names(result) == ["b", "deep.far", "deep.hidden", "lib.a", "lib.b", "p"]


def test_a_clash_names_both_places(library: Files) -> None:
    (found,) = library('import "lib.rules"\nlist a\n  words: q\n').diagnostics
    assert found.code == "BL102"
    assert found.span.start == len("biolabel 1\n")
    assert [text for _, text in found.related] == ["first defined here, as a list"]


def test_the_same_declaration_by_two_ways_is_no_clash(library: Files) -> None:
    assert names(library('import "lib.rules"\nimport "deep.rules" as deep only far\n'))


def test_unreadable_imports_excuse_what_they_would_have_defined(library: Files) -> None:
    result = library(
        'import "gone.rules" only c\nimport "gone_too.rules" as g\nlist a\n  include: c, g.x, d\n'
    )
    assert [(d.code, d.message) for d in result.diagnostics if "such file" not in d.message] == [
        ("BL101", "nothing is called `d`")
    ]


def test_names_that_a_file_which_nobody_could_read_may_have_are_excused(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.rules", tmp_path / "bad.rules"
    good.write_text("biolabel 1\nlist cause\n  include: other, cuase\n", encoding="utf-8")
    bad.write_text("biolabel 1\nlist other\n  words: x\n", encoding="utf-16")
    found = load_all([good, bad]).diagnostics
    assert [(d.code, d.hint) for d in found] == [
        ("BL101", "did you mean `cause`?"), ("BL015", "save it as UTF-8"),
    ]  # fmt: skip


def test_lost_declarations_excuse_their_users(library: Files) -> None:
    result = library("lsit c\n  words: x\nlist a\n  include: c, d\n")
    assert [d.code for d in result.diagnostics] == ["BL001", "BL101"]
