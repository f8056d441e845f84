"""What doctor finds when something is missing."""

import shutil
from collections import namedtuple
from collections.abc import Mapping
from pathlib import Path

import pytest

from biolabel.workflow import doctor
from biolabel.workflow.doctor import Finding, examine

Usage = namedtuple("Usage", "total used free")


def looks(workspace: Path) -> Mapping[str, Finding]:
    """Return what is found by what was looked at; of several the worst."""
    order = ("ok", "note", "warn", "fail")
    found: dict[str, Finding] = {}
    for each in sorted(examine(workspace), key=lambda it: order.index(it.state)):
        found[each.what] = each
    return found


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "cache"
    place.mkdir()
    (place / "index").write_bytes(b"x" * 3_000_000)
    monkeypatch.setenv("BIOLABEL_CACHE", str(place))
    return place


def test_a_whole_installation_has_nothing_to_mend(tmp_path: Path) -> None:
    found = looks(tmp_path / "workspace")
    assert {"Python", "biolabel", "packages", "spaCy pipelines", "disk", "cache"} <= found.keys()
    assert not [each for each in found.values() if each.state == "fail"]
    assert "3.0 MB in 1 files" in found["cache"].found
    assert not (tmp_path / "workspace").exists()


def test_whatever_is_not_ok_has_a_next_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "_version", lambda _: "")
    monkeypatch.setattr(doctor, "_needed", lambda: ["numpy"])
    monkeypatch.setattr(doctor, "installed", dict)
    monkeypatch.setenv("BIOLABEL_DATA", str(tmp_path / "nowhere"))
    found = looks(tmp_path)
    assert found["packages"].state == "fail"
    assert found["spaCy pipelines"].state == "warn"
    assert found["BIOLABEL_DATA"].state == "warn"
    assert found["extra demo"].state == "note"
    assert 'biolabel[demo]"' in found["extra demo"].next
    assert found["knowledge bases"].state == "note"
    assert all(each.next for each in found.values() if each.state != "ok")


def test_other_versions_than_those_tested(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_version", lambda name: "0.1" if name == "numpy" else "")
    found = looks(tmp_path)["versions"]
    assert found.state == "warn"
    assert "numpy 0.1, not" in found.found


@pytest.mark.parametrize(("free", "state"), [(1, "fail"), (2 << 30, "warn"), (1 << 40, "ok")])
def test_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, state: str) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1 << 41, 0, free))
    assert looks(tmp_path)["disk"].state == state


def test_folders_that_cannot_be_written(cache: Path) -> None:
    shutil.rmtree(cache)
    cache.write_text("a file, where a folder should be", "utf-8")
    found = looks(cache / "workspace")
    assert (found["workspace"].state, found["cache"].state) == ("fail", "warn")


def test_a_broken_entry_of_the_catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kb" / "bad").mkdir(parents=True)
    (tmp_path / "kb" / "bad" / "kb.toml").write_text("no toml", "utf-8")
    monkeypatch.setattr("biolabel.kb.catalog.root", lambda kind: tmp_path / kind)
    found = looks(tmp_path)
    assert found["knowledge base"].state == "fail"
    assert found["knowledge bases"].state == "warn"
