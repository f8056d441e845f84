import gzip
from pathlib import Path

import pytest

from biolabel.errors import KnowledgeError
from biolabel.kb.catalog import entry
from biolabel.kb.named import Described, named

KB = Path(__file__).resolve().parents[2] / "data" / "kb"


def file(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def test_names_of_the_catalog() -> None:
    drugs, causes = named("tiny_drugs", folder=KB), named("tiny_causes", folder=KB)
    assert (drugs.kind, causes.kind) == ("terms", "pairs")
    assert drugs.ontology().names["MESH:D003"] == ("Heparin",)
    assert causes.pairs(frozenset({"12"})).withheld == 2
    assert drugs.entry == entry("tiny_drugs", KB)


def test_files_say_by_their_columns_what_they_hold(tmp_path: Path) -> None:
    terms = named(file(tmp_path, "a.tsv", "id\tname\nX:1\tPain\n"))
    assert (terms.kind, terms.source.format) == ("terms", "tsv")
    assert terms.ontology().names == {"X:1": ("Pain",)}
    pairs = named(file(tmp_path, "b.csv", "subject,object\nX:1,X:2\n"))
    assert (pairs.kind, dict(pairs.pairs().counts[""])) == ("pairs", {("X:1", "X:2"): 1})


def test_columns_and_prefixes_can_be_said(tmp_path: Path) -> None:
    path = file(tmp_path, "a.txt", "code\tlabel\n1\tPain\n")
    said = Described(format="tsv", ids="X", columns={"id": "code", "name": "label"})
    assert named(path, said).ontology().names == {"X:1": ("Pain",)}


def test_another_version_of_an_entry_is_read_as_the_entry_is(tmp_path: Path) -> None:
    path = file(tmp_path, "new.tsv", "drug\tdisease\tkind\tpapers\nD1\tD2\tmarker\t11|12\n")
    found = named(path, like=entry("tiny_causes", KB))
    assert found.kind == "pairs"
    assert found.pairs().cited(("MESH:D1", "MESH:D2"), "marker") == ("11", "12")
    drugs = file(tmp_path, "drugs.tsv", "id\tname\tsynonyms\ttrees\nD1\tTea\tchai|thé\tD02\n")
    assert named(drugs, like=entry("tiny_drugs", KB)).ontology().names["MESH:D1"] == (
        "Tea",
        "chai",
        "thé",
    )


@pytest.mark.parametrize(
    ("name", "text", "format_"),
    [
        ("a.obo", "", "obo"),
        ("a.owl", "", "owl"),
        ("a.json", "", "obo"),
        ("a.xml", "<DescriptorRecordSet><a/></DescriptorRecordSet>", "mesh"),
        ("a.xml", "<rdf:RDF xmlns:rdf='r'/>", "owl"),
    ],
)
def test_formats_of_ontologies(tmp_path: Path, name: str, text: str, format_: str) -> None:
    found = named(file(tmp_path, name, text))
    assert (found.kind, found.source.format) == ("terms", format_)
    packed = tmp_path / f"{name}.gz"
    packed.write_bytes(gzip.compress(text.encode()))
    assert named(str(packed)).source.format == format_


@pytest.mark.parametrize(
    ("name", "text", "kind", "format_"),
    [
        ("a.tsv", "ChemicalName\tChemicalID\tDiseaseName\tDiseaseID\n", "pairs", "ctd"),
        ("a.csv", "# Fields:\n# ChemicalName,ChemicalID,Synonyms\n#\n", "terms", "ctd"),
        ("a.txt", "hgnc_id\tsymbol\tname\n", "terms", "hgnc"),
        ("a.sssom.tsv", "subject_id\tpredicate_id\tobject_id\n", "terms", "sssom"),
    ],
)
def test_tables_of_known_sources(
    tmp_path: Path, name: str, text: str, kind: str, format_: str
) -> None:
    found = named(file(tmp_path, name, text))
    assert (found.kind, found.source.format) == (kind, format_)


def test_a_folder_is_a_release_of_umls(tmp_path: Path) -> None:
    assert named(str(tmp_path)).source.format == "umls"


@pytest.mark.parametrize(
    ("name", "text", "code", "hint"),
    [
        ("a.md", "x", "BL730", "--format"),
        ("a.tsv", "a\tb\n1\t2\n", "BL730", "columns: a, b"),
        ("a.xml", "no tags", "BL705", ""),
        ("a.parquet", "no table", "BL705", ""),
    ],
)
def test_files_that_say_too_little(
    tmp_path: Path, name: str, text: str, code: str, hint: str
) -> None:
    with pytest.raises(KnowledgeError) as raised:
        named(file(tmp_path, name, text))
    assert (raised.value.code, hint in raised.value.hint) == (code, True)


def test_a_format_that_there_is_not(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="no format is called `tvs`") as raised:
        named(file(tmp_path, "a.tsv", "id\tname\nX:1\ta\n"), Described("tvs"))
    assert raised.value.code == "BL730"
    assert raised.value.hint.startswith("did you mean `tsv`? known: chebi, ")


def test_names_of_nothing(tmp_path: Path) -> None:
    for text, code, hint in (
        ("tiny_drug", "BL701", "`tiny_drugs`"),
        (str(tmp_path / "none.tsv"), "BL703", ""),
        ("none.tsv", "BL703", ""),
    ):
        with pytest.raises(KnowledgeError) as raised:
            named(text, folder=KB)
        assert (raised.value.code, hint in raised.value.hint) == (code, True)
