"""The demo's knowledge bases: how names are chosen, and that the tables are the described ones."""

import gzip
import hashlib
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

KB = Path(__file__).resolve().parents[2] / "kb"


@pytest.fixture(scope="module")
def demo_kb(script: Callable[[str], ModuleType]) -> ModuleType:
    return script("demo_kb")


def lines(path: Path) -> list[str]:
    data = path.read_bytes()
    content = gzip.decompress(data) if path.suffix == ".gz" else data
    return content.decode().splitlines()


def test_names_with_comma_or_too_long_are_left_out(demo_kb: ModuleType) -> None:
    assert demo_kb.usable("x" * 60)
    assert not demo_kb.usable("x" * 61)
    assert not demo_kb.usable("leukemia, myeloid")
    assert demo_kb.concept("D1", ["leukemia, myeloid"], None) is None


def test_preferred_name_leads_turned_round(demo_kb: ModuleType) -> None:
    descriptor = demo_kb.Descriptor("Leukemia, Myeloid", ("C04.1",))
    found = demo_kb.concept("D1", ["leukemia, myeloid", "myeloid leukemia", "aml"], descriptor)
    assert found.row() == "D1\tMyeloid Leukemia\taml\tC04.1"


def test_selection_by_tree_class_and_drug(demo_kb: ModuleType) -> None:
    descriptors = {
        "D1": demo_kb.Descriptor("Acids", ("D01.1",)),
        "D2": demo_kb.Descriptor("Nitric Acid", ("D01.1.2",)),
        "D3": demo_kb.Descriptor("Kinases", ("D08.1",)),
    }
    names = {"D1": ["acids"], "D2": ["nitric acid"], "D3": ["kinases"], "C4": ["novelamab"]}
    chosen = demo_kb.select(
        names, descriptors, re.compile("D01"), always=frozenset({"C4"}), classes=False
    )
    assert [row.id for row in chosen] == ["C4", "D2"]
    assert len(demo_kb.select(names, descriptors, re.compile("D01"))) == 2


@pytest.mark.parametrize("name", ["demo_mesh_chemicals", "demo_mesh_diseases", "demo_indications"])
def test_packaged_table_is_the_described_one(name: str) -> None:
    settings = tomllib.loads((KB / name / "kb.toml").read_text(encoding="utf-8"))
    table = KB / name / settings["file"]
    assert hashlib.sha256(table.read_bytes()).hexdigest() == settings["sha256"]
    header, *rows = lines(table)
    assert set(settings["columns"].values()) <= set(header.split("\t"))
    assert len(rows) > 1000
    assert len(rows) == len(set(rows))
    assert {row.count("\t") for row in rows} == {header.count("\t")}
    assert all("," not in row for row in rows) or settings["kind"] == "pairs"


@pytest.mark.data
def test_tables_are_what_the_sources_give(demo_kb: ModuleType) -> None:
    for name, content in demo_kb.tables().items():
        assert lines(KB / name) == content


@pytest.mark.data
def test_external_tables_are_the_described_ones(data_root: Path) -> None:
    for path in sorted(KB.glob("*/kb.toml")):
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
        for table in (settings, settings.get("trees", {})):
            if table.get("where") == "data":
                content = (data_root / table["file"]).read_bytes()
                assert hashlib.sha256(content).hexdigest() == table["sha256"]
