"""Where packaged and external data lie."""

from pathlib import Path

import pytest

from biolabel import resources
from biolabel.errors import RunError

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("kind", ["grammar", "kb", "tasks"])
def test_checkout_is_found(kind: resources.Kind) -> None:
    assert resources.root(kind) == CHECKOUT / kind


def test_shipped_copy_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "biolabel"
    (package / "_data" / "kb").mkdir(parents=True)
    (tmp_path / "kb").mkdir()
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.setattr(resources, "_PACKAGE", package)
    assert resources.root("kb") == package / "_data" / "kb"


def test_foreign_folder_beside_the_package_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tasks").mkdir()
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "biolabel")
    with pytest.raises(RunError, match="no tasks/ in") as raised:
        resources.root("tasks")
    assert raised.value.code == "BL901"


def test_data_root_is_the_named_one_or_beside_the_checkout(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BIOLABEL_DATA", "/somewhere")
    assert resources.data_root() == Path("/somewhere")
    monkeypatch.setenv("BIOLABEL_DATA", "")
    assert resources.data_root() == CHECKOUT.parent / "shared" / "data"


def test_cache_root_is_the_named_one_or_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIOLABEL_CACHE", "/somewhere")
    assert resources.cache_root() == Path("/somewhere")
    monkeypatch.delenv("BIOLABEL_CACHE")
    assert resources.cache_root() == Path.home() / ".cache" / "biolabel"
