"""Whole rule files against their recorded findings, and files that cannot be read.

UPDATE_GOLDEN=1 rewrites the recorded findings; read the difference before committing it.
"""

import os
import re
from pathlib import Path

import pytest

from biolabel.errors.codes.language import CODES
from biolabel.errors.render import render_all
from biolabel.lang.load import load, load_all

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "language"
LANGUAGE = Path(__file__).resolve().parents[3] / "biolabel" / "lang"
OURS = sorted(
    {code for path in LANGUAGE.rglob("*.py") for code in re.findall(r"BL\d{3}", path.read_text())}
    & CODES.keys()
)
"""Codes that the front end gives; the others of CODES need a plan, knowledge or a corpus."""


def files() -> list[str]:
    """Return the rule files with recorded findings, relative to GOLDEN."""
    return sorted(path.relative_to(GOLDEN).as_posix() for path in GOLDEN.rglob("*.rules"))


@pytest.mark.parametrize("name", files())
def test_findings_are_those_recorded(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir((GOLDEN / name).parent)
    result = load(Path(Path(name).name))
    shown = render_all(result.diagnostics, result.files) + "\n"
    record = (GOLDEN / name).with_suffix(".expected")
    if os.environ.get("UPDATE_GOLDEN") == "1":
        record.write_text(shown, encoding="utf-8")
    assert shown == record.read_text(encoding="utf-8")


@pytest.mark.parametrize("code", OURS)
def test_every_code_has_a_file_that_triggers_it(code: str) -> None:
    recorded = [path.read_text(encoding="utf-8") for path in GOLDEN.rglob("*.expected")]
    assert any(f"[{code}]" in text for text in recorded)


def test_many_different_mistakes_are_planted() -> None:
    planted = list((GOLDEN / "planted").glob("*.expected"))
    assert len({path.read_text(encoding="utf-8") for path in planted}) >= 150


@pytest.mark.parametrize("name", ["cdr", "mini", "shared_context"])
def test_good_files_have_no_errors(name: str) -> None:
    result = load(GOLDEN / f"{name}.rules")
    assert [d for d in result.diagnostics if d.severity != "note"] == []
    assert result.program is not None


def test_missing_file_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "cid.rules").write_text("biolabel 1\n")
    result = load(tmp_path / "cdi.rules")
    assert result.program is None
    assert [(d.code, d.hint) for d in result.diagnostics] == [("BL108", "did you mean `cid`?")]


def test_folder_is_a_finding(tmp_path: Path) -> None:
    assert [d.code for d in load(tmp_path).diagnostics] == ["BL108"]


def test_byte_order_mark_and_windows_lines_are_read(tmp_path: Path) -> None:
    path = tmp_path / "windows.rules"
    path.write_bytes("\ufeffbiolabel 1\r\n\r\nlist names\r\n  words: aspirin\r\n".encode())
    result = load(path)
    assert result.diagnostics == ()
    assert result.program is not None
    assert result.program.lists["names"].words == ("aspirin",)


def test_one_file_by_two_ways_is_one(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "lib.rules").write_text("biolabel 1\nlist names\n  words: aspirin\n")
    (tmp_path / "a.rules").write_text('biolabel 1\nimport "lib.rules"\nimport "sub/b.rules"\n')
    (tmp_path / "sub" / "b.rules").write_text('biolabel 1\nimport "../sub/../lib.rules"\n')
    result = load(tmp_path / "a.rules")
    assert result.diagnostics == ()
    assert len(result.files) == 3
    assert result.program is not None
    assert list(result.program.lists) == ["names"]


def test_several_main_files_are_one_program(tmp_path: Path) -> None:
    (tmp_path / "tasks.rules").write_text(
        "biolabel 1\nentity mentions\n  labels: Chemical\n", encoding="utf-8"
    )
    (tmp_path / "rules.rules").write_text(
        "biolabel 1\nrule r for mentions\n  votes: Chemical\n"
        '  find: "aspirin"\n  matches: "{aspirin}"\n',
        encoding="utf-8",
    )
    alone = load(tmp_path / "rules.rules")
    assert [d.code for d in alone.diagnostics] == ["BL104"]
    together = load_all([tmp_path / "rules.rules", tmp_path / "tasks.rules"])
    assert together.diagnostics == ()
    assert together.program is not None
    assert together.program.entities["mentions"].labels[-1].text == "none"


def test_import_circle_does_not_hide_the_rest(tmp_path: Path) -> None:
    (tmp_path / "a.rules").write_text('biolabel 1\nimport "b.rules"\nlist one\n  wrds: x\n')
    (tmp_path / "b.rules").write_text('biolabel 1\nimport "a.rules"\nlist two\n  wrds: x\n')
    codes = [d.code for d in load(tmp_path / "a.rules").diagnostics]
    assert sorted(codes) == ["BL007", "BL007", "BL010", "BL112"]


def test_open_texts_stand_for_files(tmp_path: Path) -> None:
    main, library = tmp_path / "a.rules", tmp_path / "lib.rules"
    main.write_text("biolabel 1\nlist one\n  wrds: x\n")
    (tmp_path / "link.rules").symlink_to(main)
    texts = {
        str(main): '\ufeffbiolabel 1\r\nimport "lib.rules"\rlist first\r\n  words: x\r\n',
        str(library): "biolabel 1\nlist second\n  words: x\n",
    }
    result = load_all([tmp_path / "link.rules"], texts)
    assert result.diagnostics == ()
    assert result.program is not None
    assert sorted(result.program.lists) == ["first", "second"]
    assert "\r" not in result.files[str(tmp_path / "link.rules")].text


@pytest.mark.parametrize(
    "written",
    ["../../etc/passwd", "/etc/passwd", "linked.rules", "secret.txt", "folder", "/dev/zero"],
)
def test_imports_show_nothing_but_rule_files(tmp_path: Path, written: str) -> None:
    (tmp_path / "secret.txt").write_text("password: 1234\n", "utf-8")
    (tmp_path / "folder").mkdir()
    (tmp_path / "linked.rules").symlink_to(tmp_path / "secret.txt")
    main = tmp_path / "main.rules"
    main.write_text(f'biolabel 1\nimport "{written}"\n', "utf-8")
    found = load(main)
    [diagnostic] = found.diagnostics
    assert (diagnostic.code, diagnostic.span.file) == ("BL108", str(main))
    assert list(found.files) == [str(main)]
