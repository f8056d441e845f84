"""Files of ontologies that are cut off anywhere give a coded error, or what stands before the cut."""

import gzip
import random
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
import pytest
from pyarrow import parquet

from biolabel.errors import KnowledgeError
from biolabel.kb.pairs import read_pairs
from biolabel.kb.sources import Source, read_ontology
from tests.unit.kb.formats import DESCRIPTORS, JSON, OBO, OWL, SUPPLEMENT, concept
from tests.unit.kb.test_chebi import NEW, OLD
from tests.unit.kb.test_hgnc import COMPLETE, WITHDRAWN
from tests.unit.kb.test_sssom import COLUMNS, HEAD, ROWS

T = TypeVar("T")
CTD = (
    "# Report created: Thu May 01 2025\n#\n# Fields:\n# ChemicalName\tChemicalID\tSynonyms\n#\n"
    "aspirin\tMESH:D001241\tASA|acid\nzinc\tMESH:D015032\t\n"
)
SSSOM = HEAD + "\n".join(["\t".join(COLUMNS.split()), *map("\t".join, ROWS)]) + "\n"
CSV = 'id,name,parents\nX:1,"a, b",\nX:2,"say ""ill""",X:1\n'
RRF = concept("C001", "Anaemia") + concept("C002", 'Blood "disorder"')
FILES: Mapping[str, tuple[str, str]] = {
    "mesh": ("mesh", DESCRIPTORS),
    "mesh supplement": ("mesh", SUPPLEMENT),
    "obo": ("obo", OBO),
    "json": ("obo", JSON),
    "owl": ("owl", OWL),
    "umls": ("umls", RRF),
    "hgnc": ("hgnc", COMPLETE),
    "hgnc withdrawn": ("hgnc", WITHDRAWN),
    "chebi": ("chebi", OLD),
    "chebi new": ("chebi", NEW),
    "ctd": ("ctd", CTD),
    "sssom": ("sssom", SSSOM),
    "tsv": ("tsv", "id\tname\nX:1\ta\nX:2\tb\n"),
    "csv": ("csv", CSV),
}
ENDINGS = {
    "json": ".json", "owl": ".owl", "obo": ".obo", "csv": ".csv", "sssom": ".sssom.tsv",
    "mesh": ".xml", "mesh supplement": ".xml",
}  # fmt: skip
CUTS = 25


def cuts(content: bytes) -> list[int]:
    """Return some places at which a file is cut, always the same, the ends among them."""
    inner = range(1, len(content) - 1)
    chosen = random.Random(1).sample(inner, min(CUTS, len(inner)))
    return [0, *chosen, len(content) - 1]


def source_of(folder: Path, kind: str, content: bytes, packed: bool) -> Source:
    format_, _ = FILES[kind]
    name = "MRCONSO.RRF" if format_ == "umls" else f"file{ENDINGS.get(kind, '.tsv')}"
    path = folder / f"{name}{'.gz' if packed else ''}"
    path.write_bytes(content)
    return Source(format_, (str(folder if format_ == "umls" else path),), ids="")


def tried(read: Callable[[], T]) -> tuple[T | None, KnowledgeError | None]:
    """Return what is read, or the error of ours; anything else fails the test."""
    try:
        return read(), None
    except KnowledgeError as error:
        return None, error


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BIOLABEL_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.mark.parametrize("kind", FILES)
def test_plain_files(kind: str, tmp_path: Path, cache: Path) -> None:
    content = FILES[kind][1].encode()
    whole = read_ontology(source_of(tmp_path, kind, content, packed=False))
    for cut in cuts(content):
        source = source_of(tmp_path, kind, content[:cut], packed=False)
        found, error = tried(partial(read_ontology, source))
        if error is not None:
            assert error.code.startswith("BL7")
            assert str(tmp_path) in error.message
        elif found is not None:
            assert len(found.names) <= max(len(whole.names), 1)
    assert not cache.exists()


@pytest.mark.parametrize("kind", FILES)
def test_packed_files_never_seem_whole(kind: str, tmp_path: Path, cache: Path) -> None:
    content = gzip.compress(FILES[kind][1].encode(), mtime=0)
    read_ontology(source_of(tmp_path, kind, content, packed=True))
    for cut in cuts(content):
        source = source_of(tmp_path, kind, content[:cut], packed=True)
        with pytest.raises(KnowledgeError) as raised:
            read_ontology(source)
        assert raised.value.code == "BL705"
    assert not cache.exists()


def test_tables_of_pairs_and_parquet(tmp_path: Path) -> None:
    text = "subject\tobject\tevidence\nX:1\tY:1\t11|12\nX:2\tY:1\t13\n"
    sink = pa.BufferOutputStream()
    parquet.write_table(pa.table({"subject": ["X:1"], "object": ["Y:1"]}), sink)
    for format_, content, always in (
        ("tsv", text.encode(), False),
        ("tsv", gzip.compress(text.encode(), mtime=0), True),
        ("parquet", bytes(sink.getvalue()), True),
    ):
        ending = ".tsv.gz" if always and format_ == "tsv" else f".{format_}"
        path = tmp_path / f"pairs{ending}"
        path.write_bytes(content)
        assert read_pairs(Source(format_, (str(path),))).counts[""]
        for cut in cuts(content):
            path.write_bytes(content[:cut])
            source = Source(format_, (str(path),))
            found, error = tried(partial(read_pairs, source))
            if error is not None:
                assert error.code in ("BL402", "BL705", "BL714", "BL720")
            elif found is not None:
                assert (always, len(found.counts[""]) <= 2) == (False, True)
