"""The tables that are shipped: each is the described one, and is read where there are no data."""

import gzip
import hashlib
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from biolabel.kb.pairs import read_pairs
from biolabel.kb.sources import Source, read_ontology

KB = Path(__file__).resolve().parents[2] / "kb"
NAMES = (
    "mesh_descriptors", "mesh_chemicals", "mesh_diseases", "mesh_xrefs", "disease_ontology",
    "disease_ontology_2026", "genes",
)  # fmt: skip
SHIPPED = 10_000_000
"""Bytes that all tables together may have: half of what a wheel may."""


@pytest.fixture(scope="module")
def embedded_kb(script: Callable[[str], ModuleType]) -> ModuleType:
    return script("embedded_kb")


def test_the_tables_are_those_that_kb_toml_describes(embedded_kb: ModuleType) -> None:
    for name, file in {**embedded_kb.COPIED, embedded_kb.OWN: "indications.tsv"}.items():
        found = tomllib.loads((KB / name / "kb.toml").read_text("utf-8"))
        content = (KB / name / file).read_bytes()
        assert (found["file"], found["where"]) == (file, "package")
        assert found["sha256"] == hashlib.sha256(content).hexdigest()
    assert sum(path.stat().st_size for path in KB.glob("*/*")) < SHIPPED


@pytest.mark.parametrize("name", NAMES)
def test_entries_are_read_without_data(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIOLABEL_DATA", str(tmp_path))
    found = read_ontology(Source("catalog", (name,)))
    assert len(found.names) > 2_000
    assert found.parents or found.trees or name == "genes"


def test_indications_are_those_of_the_physicians(
    embedded_kb: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = "a\tb\tsource\tc\n1\t2\tother\t3\n4\t5\tpharmacotherapydb\t6\n"
    rows = embedded_kb.pharmacotherapydb(gzip.compress(table.encode()))
    assert rows == b"a\tb\tc\n4\t5\t6\n"
    monkeypatch.setenv("BIOLABEL_DATA", str(tmp_path))
    assert len(read_pairs(Source("catalog", ("pharmacotherapydb",))).counts[""]) > 1_000


def test_hashes_go_where_they_belong(embedded_kb: ModuleType) -> None:
    settings = (
        'sha256 = "0"\n[trees]\nfile = "../mesh_descriptors/x.gz"\n' + f'sha256 = "{"1" * 64}"\n'
    )
    found = embedded_kb.described(settings, b"a", b"b")
    assert hashlib.sha256(b"a").hexdigest() in found.split("[trees]")[0]
    assert hashlib.sha256(b"b").hexdigest() in found.split("[trees]")[1]
