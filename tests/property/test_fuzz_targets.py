"""Every reader takes the seeds of its fuzzing, what fuzzing has found, and some damage, always the same."""

import random
from pathlib import Path

import pytest

from tests.fuzz.targets import FOUND, Target, check, targets

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


def _damaged(data: bytes, choices: random.Random) -> bytes:
    start = choices.randrange(len(data) + 1)
    end = min(start + choices.randrange(12), len(data))
    return data[:start] + choices.choice(SPLINTERS) + data[end:]
