"""Every reader takes the seeds of its fuzzing, what fuzzing has found, and some damage, always the same."""

import ast
import random
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from types import FrameType

import pytest

import biolabel
from tests.fuzz.targets import FOUND, Target, check, targets

PACKAGE = Path(biolabel.__file__).parent
_READS = re.compile(r"(read|load|open|parse|pieces|entry|vote_file|documents_of)")
_PATHS = re.compile(r"\b(Path|Source)\b")
TRUSTED = {
    "cli/": "commands, which open what is in a workspace",
    "lang/": "rule files have their own target: tests/fuzz/rules.py",
    "workflow/": "what a run has made in its workspace, and rule files",
    "apply/knowledge.py": "finds the readers of what rules name, which have targets",
    "text/rejects.py": "the list of rejects that biolabel has written",
    "apply/store.py": "kept votes and mentions of a workspace, with check sums; votes have a target",
    "kb/mapped.py": "an index that biolabel has made, with a SHA-256",
    "kb/kept.py": "the same",
    "curation/ledger.py": "a file of SQLite that is made, read and removed by one gathering",
    "text/formats/pubtator.py read_piece": "a piece of the predictions that a run has written",
}
"""Readers without a target, and why (docs/security.md says what is trusted)."""
DAMAGES = 12
SPLINTERS = (b"", b"\0", b"\xff", b"[", b'"', b"<", b"-1", b"1e999", b"\n", b"\t\t", b"9" * 5000)


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Target]:
    return targets(tmp_path_factory.mktemp("seeds"))


def test_readers_and_what_is_put_to_them(
    every: dict[str, Target], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIOLABEL_CACHE", str(tmp_path / "cache"))
    assert {path.name for path in FOUND.iterdir()} <= every.keys()
    choices = random.Random(1)
    for name, target in every.items():
        folder = tmp_path / name
        folder.mkdir()
        assert all(check(target, folder, seed) for seed in target.seeds), f"a seed of {name}"
        found = sorted((FOUND / name).glob("*"))
        for data in [b"", *(path.read_bytes() for path in found)]:
            check(target, folder, data)
        for _ in range(DAMAGES):
            check(target, folder, _damaged(choices.choice(target.seeds), choices))
            check(target, folder, target.changed(choices.choice(target.seeds), choices))


def readers() -> set[tuple[str, str]]:
    """Return the public functions that read a path by their name, each with its module."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        module = path.relative_to(PACKAGE).as_posix()
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and _READS.match(node.name):
                asked = [ast.unparse(each.annotation) for each in node.args.args if each.annotation]
                if any(_PATHS.search(each) for each in asked):
                    found.add((module, node.name))
    return found


@pytest.mark.slow
def test_every_reader_has_a_target(
    every: dict[str, Target], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIOLABEL_CACHE", str(tmp_path / "cache"))
    called: set[tuple[str, str]] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            called.add((frame.f_code.co_filename, frame.f_code.co_name))

    for name, target in every.items():
        (tmp_path / name).mkdir()
        check(target, tmp_path / name, target.seeds[0])  # imports what it needs
        sys.setprofile(note)
        try:
            check(target, tmp_path / name, target.seeds[0])
        finally:
            sys.setprofile(None)
    reached = {
        (Path(file).relative_to(PACKAGE).as_posix(), name)
        for file, name in called
        if file.startswith(f"{PACKAGE}/")
    }
    lacking = {reader for reader in readers() - reached if not _trusted(*reader)}
    assert lacking == set(), "no target reads with these"
    assert all(any(_trusted(*each, {row}) for each in readers() - reached) for row in TRUSTED)


def _trusted(module: str, name: str, rows: Iterable[str] = TRUSTED) -> bool:
    return any(f"{module} {name}".startswith(row) for row in rows)


def _damaged(data: bytes, choices: random.Random) -> bytes:
    start = choices.randrange(len(data) + 1)
    end = min(start + choices.randrange(12), len(data))
    return data[:start] + choices.choice(SPLINTERS) + data[end:]
