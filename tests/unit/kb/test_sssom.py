from pathlib import Path

import pytest

from biolabel.errors import KnowledgeError
from biolabel.kb.obo import read_obo
from biolabel.kb.sources import Source, read_ontology
from biolabel.kb.sssom import Link, read_links, read_sssom, with_references
from biolabel.kb.tables import RowFilter
from tests.unit.kb.formats import OBO

COLUMNS = (
    "subject_id subject_label predicate_id object_id object_label predicate_modifier confidence"
)
ROWS = [
    ("X:1", "disease", "skos:exactMatch", "mesh:D004194", "Disease", "", "1.0"),
    ("X:2", "anaemia", "skos:broadMatch", "mesh:D006402", "Blood disorders", "", "0.9"),
    ("X:2", "anaemia", "skos:closeMatch", "mim:1", "ANEMIA 1", "", "0.4"),
    ("X:4", "aplastic anaemia", "http://www.w3.org/2002/07/owl#sameAs", "M:D000741", "AA", "", ""),
    ("X:2", "anaemia", "skos:exactMatch", "mesh:D009369", "Neoplasms", "Not", "1.0"),
    ("X:9", "nothing", "skos:exactMatch", "sssom:NoTermFound", "", "", "1.0"),
    ("X:2", "anaemia", "semapv:crossSpeciesExactMatch", "MP:1", "anaemia of mice", "", "1.0"),
]
HEAD = """\
# license: "https://creativecommons.org/publicdomain/zero/1.0/"
# curie_map:
#   M: "http://id.nlm.nih.gov/mesh/"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    lines = ["\t".join(COLUMNS.split()), *("\t".join(row) for row in ROWS)]
    (tmp_path / "x.sssom.tsv").write_text(HEAD + "\n".join(lines) + "\n")
    return tmp_path / "x.sssom.tsv"


def pairs(links: list[Link]) -> set[tuple[str, str]]:
    return {(link.subject, link.object) for link in links}


def test_exact_mappings_hold_in_both_directions(path: Path) -> None:
    assert pairs(read_links(path)) == {
        ("X:1", "MESH:D004194"), ("MESH:D004194", "X:1"),
        ("X:4", "MESH:D000741"), ("MESH:D000741", "X:4"),
    }  # fmt: skip


def test_other_relations_are_kept_apart(path: Path) -> None:
    broad = read_links(path, [RowFilter("predicate", "=", "broad")])
    assert pairs(broad) == {("X:2", "MESH:D006402")}
    narrow = read_links(path, [RowFilter("predicate", "=", "narrow")])
    assert pairs(narrow) == {("MESH:D006402", "X:2")}
    assert pairs(read_links(path, [RowFilter("predicate", "=", "other")])) >= {("X:2", "MP:1")}
    sure = read_links(path, [RowFilter("predicate", "!=", ""), RowFilter("confidence", "<", 0.5)])
    assert pairs(sure) == {("X:2", "OMIM:1"), ("OMIM:1", "X:2")}


def test_a_mapping_alone_names_the_identifiers_of_one_vocabulary(path: Path) -> None:
    assert read_sssom(path).names == {
        "X:1": ("disease", "Disease"),
        "X:4": ("aplastic anaemia", "AA"),
    }
    found = read_ontology(Source("sssom", (str(path),), ids="mesh"))
    assert found.names == {
        "MESH:D004194": ("Disease", "disease"), "MESH:D000741": ("AA", "aplastic anaemia"),
    }  # fmt: skip
    with pytest.raises(KnowledgeError) as raised:
        read_ontology(Source("sssom", (str(path),), ids="HP"))
    assert raised.value.code == "BL712"


def test_an_ontology_carries_the_identifiers_that_a_mapping_gives(path: Path) -> None:
    (path.parent / "x.obo").write_text(OBO.replace("xref: MSH:D000740", "xref: Z:1"))
    paths = (str(path.parent / "x.obo"), str(path))
    plain = read_ontology(Source("obo", paths))
    assert plain.names == read_obo(path.parent / "x.obo").names
    assert plain.references["X:4"] == ("MESH:D000741",)
    found = read_ontology(Source("obo", paths, ids="MESH"))
    assert found.names["MESH:D000741"] == ("aplastic anaemia", "AA")
    where = (RowFilter("predicate", "=", "broad"), RowFilter("kind", "=", "exact"))
    broad = read_ontology(Source("obo", paths, ids="MESH", where=where))
    assert broad.names["MESH:D006402"] == ("anaemia", "anemia")
    assert with_references(plain, []).references == plain.references


def test_files_that_are_no_mapping(tmp_path: Path) -> None:
    (tmp_path / "a.sssom.tsv").write_text("subject_id\tobject_id\nX:1\tY:1\n")
    with pytest.raises(KnowledgeError, match="no `predicate_id`") as raised:
        read_sssom(tmp_path / "a.sssom.tsv")
    assert raised.value.code == "BL705"
