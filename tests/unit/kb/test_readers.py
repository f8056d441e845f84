import zipfile
from pathlib import Path

import pytest

from biolabel.kb.readers import read_file
from tests.unit.kb.formats import DESCRIPTORS, JSON, OBO, OWL

MAPPING = "subject_id\tsubject_label\tpredicate_id\tobject_id\nX:2\tanaemia\towl:sameAs\tY:2\n"
GENES = "hgnc_id\tsymbol\tname\nHGNC:5\tA1BG\tglycoprotein\n"
CHEMICALS = "# Fields:\n# ChemicalName\tChemicalID\tSynonyms\n#\naspirin\tMESH:D001241\tASA|acid\n"


@pytest.mark.parametrize(
    ("format_", "name", "text", "concept", "first"),
    [
        ("mesh", "d.xml", DESCRIPTORS, "MESH:D001241", "Aspirin"),
        ("obo", "x.obo", OBO, "X:2", "anaemia"),
        ("obo", "x.json", JSON, "X:2", "anaemia"),
        ("owl", "x.xml", OWL, "X:2", "anaemia"),
        ("hgnc", "x.txt", GENES, "HGNC:5", "A1BG"),
        ("ctd", "CTD_chemicals.tsv", CHEMICALS, "MESH:D001241", "aspirin"),
        ("sssom", "x.sssom.tsv", MAPPING, "X:2", "anaemia"),
    ],
)
def test_each_format_has_a_reader_of_packed_files_too(
    tmp_path: Path, format_: str, name: str, text: str, concept: str, first: str
) -> None:
    (tmp_path / name).write_text(text)
    with zipfile.ZipFile(tmp_path / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(tmp_path / name, name)
    for path in (tmp_path / name, tmp_path / f"{name}.zip"):
        found = read_file(format_, path, ())
        assert found.names[concept][0] == first


def test_a_mapping_is_read_for_one_vocabulary(tmp_path: Path) -> None:
    (tmp_path / "x.sssom.tsv").write_text(MAPPING)
    found = read_file("sssom", tmp_path / "x.sssom.tsv", (), "y")
    assert found.names == {"Y:2": ("anaemia",)}
