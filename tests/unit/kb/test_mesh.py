from pathlib import Path

import pytest

from biolabel.errors import KnowledgeError
from biolabel.kb.mesh import read_mesh
from biolabel.kb.sources import Source, read_ontology
from biolabel.kb.tables import RowFilter
from tests.unit.kb.formats import DESCRIPTORS, SUPPLEMENT


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    (tmp_path / "desc.xml").write_text(DESCRIPTORS)
    (tmp_path / "supp.xml").write_text(SUPPLEMENT)
    return str(tmp_path / "desc.xml"), str(tmp_path / "supp.xml")


def test_descriptors(files: tuple[str, str]) -> None:
    found = read_mesh(Path(files[0]))
    assert found.names == {
        "MESH:D001241": ("Aspirin", "Acetylsalicylic Acid", "Colfarit", "Magnecyl"),
        "MESH:D002000": ("Caffeine",),
    }
    assert found.trees["MESH:D001241"] == ("D02.455.426", "D09.100")
    assert found.under(["D02"]) == {"MESH:D001241"}


def test_kinds_and_tags(files: tuple[str, str]) -> None:
    exact = read_mesh(Path(files[0]), [RowFilter("kind", "=", "exact")])
    assert exact.names["MESH:D001241"] == ("Aspirin", "Acetylsalicylic Acid", "Colfarit")
    plain = read_mesh(Path(files[0]), [RowFilter("tag", "!=", "TRD")])
    assert plain.names["MESH:D001241"] == ("Aspirin", "Acetylsalicylic Acid")
    narrow = read_mesh(Path(files[0]), [RowFilter("kind", "=", "narrow")])
    assert narrow.names == {"MESH:D001241": ("Magnecyl",)}


def test_supplements_stand_below_their_descriptors(files: tuple[str, str]) -> None:
    found = read_ontology(Source("mesh", files))
    assert found.names["MESH:C000001"] == ("aspirin lysine", "Aspegic")
    assert found.under(["D02"]) == found.under(["D001241"]) == {"MESH:D001241", "MESH:C000001"}


def test_files_that_are_no_mesh(tmp_path: Path) -> None:
    for text in ("<a/>", "<r><DescriptorRecord/></r>"):
        (tmp_path / "a.xml").write_text(text)
        with pytest.raises(KnowledgeError) as raised:
            read_mesh(tmp_path / "a.xml")
        assert raised.value.code == "BL705"


def test_abbreviations_and_records_that_are_there_twice(tmp_path: Path) -> None:
    text = DESCRIPTORS.replace(
        'LexicalTag="NON"><String>Acetylsalicylic Acid', 'LexicalTag="ABB"><String>ASA'
    )
    (tmp_path / "a.xml").write_text(text)
    found = read_mesh(tmp_path / "a.xml")
    assert found.kinds == {"MESH:D001241": {"ASA": "abbreviation", "Magnecyl": "narrow"}}
    (tmp_path / "a.xml").write_text(text.replace("D002000", "D001241"))
    with pytest.raises(KnowledgeError, match=r"a\.xml:28: .* again, first at line 4") as raised:
        read_mesh(tmp_path / "a.xml")
    assert raised.value.code == "BL721"
