"""What is shipped: the wheel's contents, the way through the source distribution, both installs."""

import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
DATA = ("grammar", "kb", "tasks")
MAX_BYTES = 20_000_000
WHERE = """
import importlib.util, json, biolabel
from biolabel.resources import root
names = ["grammar", "kb", "tasks", "tests", "docs", "benchmarks", "corpora_scripts"]
print(json.dumps({
    "package": biolabel.__file__,
    "roots": [str(root(kind)) for kind in names[:3]],
    "leaked": [name for name in names if importlib.util.find_spec(name)],
}))
"""


def run(*command: str | Path, cwd: Path = CHECKOUT) -> str:
    """Return what a command prints; fail the test with its errors if it fails."""
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def listed(*folders: str) -> set[str]:
    """Return the files that git has or would add, so that the test also runs before a commit."""
    names = run("git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *folders)
    return {name for name in names.splitlines() if (CHECKOUT / name).is_file()}


def contents(wheel: Path) -> set[str]:
    """Return the names in a wheel, without those of its metadata folder."""
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from the checkout, with what is installed (no network)."""
    out = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out)
    return next(out.glob("*.whl"))


def test_wheel_holds_the_package_and_its_data_only(wheel: Path) -> None:
    expected = listed("biolabel") | {f"biolabel/_data/{name}" for name in listed(*DATA)}
    assert contents(wheel) == expected
    modules = {
        path.relative_to(CHECKOUT).as_posix() for path in (CHECKOUT / "biolabel").rglob("*.py")
    }
    assert modules <= contents(wheel)


def test_wheel_is_small(wheel: Path) -> None:
    assert wheel.stat().st_size <= MAX_BYTES


def test_wheel_declares_what_it_is(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        texts = {
            name.partition(".dist-info/")[2]: archive.read(name).decode()
            for name in archive.namelist()
            if ".dist-info/" in name
        }
    assert "biolabel = biolabel.cli:main" in texts["entry_points.txt"]
    assert "License-Expression: Apache-2.0" in texts["METADATA"]
    assert "Requires-Python: >=3.11" in texts["METADATA"]
    assert "Apache License" in texts["licenses/LICENSE"]


def test_data_folders_hold_no_python() -> None:
    assert [name for name in listed(*DATA) if name.endswith(".py")] == []


def test_source_distribution_gives_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", tmp_path)
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"Makefile", "constraints.txt", "tests/conftest.py"} <= names
    assert contents(next(tmp_path.glob("*.whl"))) == contents(wheel)


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """Return the interpreter of a fresh virtual environment."""
    venv.create(tmp_path / "venv", with_pip=True)
    return tmp_path / "venv" / "bin" / "python"


@pytest.mark.slow
def test_installed_wheel_finds_its_data(wheel: Path, python: Path, tmp_path: Path) -> None:
    run(python, "-m", "pip", "install", "--no-deps", "--no-index", wheel)
    found = run(python, "-c", WHERE, cwd=tmp_path)
    assert '"leaked": []' in found
    assert str(CHECKOUT) not in found
    assert found.count("/site-packages/biolabel/_data/") == len(DATA)


@pytest.mark.slow
def test_editable_install_maps_the_checkout(python: Path, tmp_path: Path) -> None:
    run(python, "-m", "pip", "install", "--no-deps", "editables", "--editable", CHECKOUT)
    found = run(python, "-c", WHERE, cwd=tmp_path)
    assert '"leaked": []' in found
    assert f'"{CHECKOUT}/biolabel/__init__.py"' in found
    assert all(f'"{CHECKOUT / kind}"' in found for kind in DATA)
