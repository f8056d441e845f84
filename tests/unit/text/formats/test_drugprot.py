"""The three tables of ChemProt and DrugProt."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biolabel.data.documents import Document, Mention, Passage, Relation
from biolabel.errors import CorpusError
from biolabel.text.formats import pubtator
from biolabel.text.formats.drugprot import read, sisters
from biolabel.text.formats.known import files_of, read_documents
from biolabel.text.rejects import Rejects

ABSTRACT = "7\tTin and β-zinc\tZincase was slow.\n"
ENTITIES = "7\tT1\tCHEMICAL\t8\t14\tβ-zinc\n7\tT2\tGENE-Y\t15\t22\tZincase\n"
RELATION = "7\tSUBSTRATE\tArg1:T1\tArg2:T2\n"


def tables(
    folder: Path, abstracts: str = ABSTRACT, entities: str = ENTITIES, relations: str = RELATION
) -> Path:
    """Write the tables; return the path of the abstracts."""
    contents = {"abstracts": abstracts, "entities": entities, "relations": relations}
    for name, content in contents.items():
        (folder / f"x_{name}.tsv").write_text(content, encoding="utf-8")
    return folder / "x_abstracts.tsv"


def rejected(path: Path) -> list[tuple[str, int, str, str]]:
    """Read a corpus; return file, line, loss and reason of what was not used."""
    rejects = Rejects()
    list(read(path, rejects))
    return [(Path(r.file).name[2:5], r.line, r.lost, r.reason) for r in rejects.rows]


def test_a_document_with_its_mentions_and_relations(tmp_path: Path) -> None:
    rejects = Rejects()
    (found,) = read(tables(tmp_path), rejects)
    assert found.passages == (
        Passage("title", 0, "Tin and β-zinc"),
        Passage("abstract", 15, "Zincase was slow."),
    )
    assert found.mentions == (Mention(8, 14, "CHEMICAL"), Mention(15, 22, "GENE-Y"))
    assert found.relations == (
        Relation("SUBSTRATE", "@8-14:CHEMICAL", "@15-22:GENE-Y", "SUBSTRATE"),
    )
    assert rejects.rows == []


def test_two_labels_of_a_pair_and_two_types_of_a_span(tmp_path: Path) -> None:
    entities = f"{ENTITIES}7\tT3\tGENE-N\t8\t14\tβ-zinc\n"
    relations = f"{RELATION}7\tINHIBITOR\tArg1:T1\tArg2:T2\n7\tPART-OF\tArg1:T1\tArg2:T3\n"
    rejects = Rejects()
    (found,) = read(tables(tmp_path, entities=entities, relations=relations), rejects)
    assert [(r.label, r.subject, r.object) for r in found.relations] == [
        ("SUBSTRATE", "@8-14:CHEMICAL", "@15-22:GENE-Y"),
        ("INHIBITOR", "@8-14:CHEMICAL", "@15-22:GENE-Y"),
        ("PART-OF", "@8-14:CHEMICAL", "@8-14:GENE-N"),
    ]
    assert rejects.rows == []


def test_chemprots_own_columns(tmp_path: Path) -> None:
    relations = "7\tCPR:9\tY \tSUBSTRATE\tArg1:T1\tArg2:T2\n"
    (found,) = read(tables(tmp_path, relations=relations), Rejects())
    assert [r.label for r in found.relations] == ["SUBSTRATE"]


def test_a_missing_table_of_relations_means_none(tmp_path: Path) -> None:
    path = tables(tmp_path)
    (tmp_path / "x_relations.tsv").unlink()
    (found,) = read(path, Rejects())
    assert (len(found.mentions), found.relations) == (2, ())


def test_a_missing_table_of_entities_is_refused(tmp_path: Path) -> None:
    path = tables(tmp_path)
    (tmp_path / "x_entities.tsv").unlink()
    with pytest.raises(CorpusError, match=r"x_entities\.tsv") as caught:
        list(read(path, Rejects()))
    assert caught.value.code == "BL601"


@pytest.mark.parametrize("abstracts", ["", "7\tno abstract\n", "\n\n"])
def test_a_table_without_abstracts_is_refused(tmp_path: Path, abstracts: str) -> None:
    with pytest.raises(CorpusError) as caught:
        list(read(tables(tmp_path, abstracts=abstracts), Rejects()))
    assert caught.value.code == "BL602"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("8\ttitle only", "the line has 2 columns, not an id, a title and an abstract"),
        ("\ta\tb", "the document has no id"),
        ("7\ta\tb", "the document is repeated"),
        ("8\t\t ", "the document has neither a title nor an abstract"),
        ("8\ta\rb\tc", "there is a carriage return inside its text"),
    ],
)
def test_wrong_documents_cost_themselves(tmp_path: Path, line: str, reason: str) -> None:
    path = tables(tmp_path)
    path.write_bytes(f"{ABSTRACT}{line}\n9\tlast\tone\n".encode())
    assert rejected(path) == [("abs", 2, "document", reason)]
    assert [d.id for d in read(path, Rejects())] == ["7", "9"]


@pytest.mark.parametrize(
    ("line", "lost", "reason"),
    [
        ("7\tT3\tGENE-Y\t0", "mention", "the line is not PMID, term, type, start, end and text"),
        ("7\tT3\tGENE-Y\t0\t-3\tTin", "mention", "0--3 is no span"),
        ("7\tT3\tGENE-Y\t30\t33\tTin", "mention",
         "30-33 is no span of the text, which has 32 characters"),
        ("7\tT3\tGENE-Y\t1\t4\tTin", "mention", "the text at 1-4 is 'in ', not 'Tin'"),
        ("7\tT1\tGENE-Y\t0\t3\tTin", "mention", "the term T1 is repeated, with other content"),
        ("7\tT2\tGENE-Y\t15\t22\tZincase", "nothing",
         "the term T2 is repeated, exactly the same"),
        ("8\tT1\tGENE-Y\t0\t3\tTin", "mention",
         "the document is not among those that were read"),
    ],
)  # fmt: skip
def test_wrong_mentions_cost_themselves(tmp_path: Path, line: str, lost: str, reason: str) -> None:
    path = tables(tmp_path, entities=f"{ENTITIES}{line}\n")
    assert rejected(path) == [("ent", 3, lost, reason)]


@pytest.mark.parametrize(
    ("line", "lost", "reason"),
    [
        ("7\tPART-OF\tArg1:T1", "relation", "the line is not PMID, label, Arg1:term and Arg2:term"),
        ("7\tPART-OF\tArg1:T1\tArg1:T2", "relation",
         "the line is not PMID, label, Arg1:term and Arg2:term"),
        ("7\tPART-OF\tArg1:T1\tArg2:T9", "relation", "the document has no term T9"),
        ("7\tSUBSTRATE\tArg1:T1\tArg2:T2", "nothing", "the same relation stood before"),
        ("8\tPART-OF\tArg1:T1\tArg2:T2", "relation",
         "the document is not among those that were read"),
    ],
)  # fmt: skip
def test_wrong_relations_cost_themselves(tmp_path: Path, line: str, lost: str, reason: str) -> None:
    path = tables(tmp_path, relations=f"{RELATION}{line}\n")
    assert rejected(path) == [("rel", 2, lost, reason)]


def test_lines_that_are_not_utf8(tmp_path: Path) -> None:
    path = tables(tmp_path)
    for name, line in (("entities", b"7\tT3\tGENE\t0\t3\tT\xffn\n"),
                       ("relations", b"7\tX\xff\tArg1:T1\tArg2:T2\n"),
                       ("abstracts", b"8\t\xff\tb\n")):  # fmt: skip
        file = tmp_path / f"x_{name}.tsv"
        file.write_bytes(file.read_bytes() + line)
    assert rejected(path) == [
        ("ent", 3, "mention", "the line is not UTF-8"),
        ("rel", 2, "relation", "the line is not UTF-8"),
        ("abs", 2, "document", "its text is not UTF-8"),
    ]  # fmt: skip


def test_a_gzip_table_that_ends_early(tmp_path: Path) -> None:
    path = tables(tmp_path)
    for name in ("abstracts", "entities", "relations"):
        plain = tmp_path / f"x_{name}.tsv"
        packed = gzip.compress(plain.read_bytes() * (1 if name == "abstracts" else 300))
        (tmp_path / f"x_{name}.tsv.gz").write_bytes(
            packed if name == "abstracts" else packed[: len(packed) - 4]
        )
    path = path.with_name("x_abstracts.tsv.gz")
    losses = {(file, lost) for file, _, lost, _ in rejected(path) if lost != "nothing"}
    assert losses == {("ent", "rest"), ("rel", "rest")}


def test_the_name_of_the_abstracts_finds_the_others(tmp_path: Path) -> None:
    path = tables(tmp_path)
    names = [file.name for file in files_of(path)]
    assert names == ["x_abstracts.tsv", "x_entities.tsv", "x_relations.tsv"]
    assert [d.id for d in read_documents(path, Rejects())] == ["7"]
    misspelled = sisters(tmp_path / "drugprot_training_abstracs.tsv.gz")
    assert misspelled[0].name == "drugprot_training_entities.tsv.gz"


TEXT = st.text("aβ\U0001f9eaé-.( )", min_size=1, max_size=12).filter(str.strip)
PLACES = st.lists(
    st.tuples(st.integers(0, 24), st.integers(1, 6), st.sampled_from(["CHEMICAL", "GENE"])),
    max_size=5,
    unique=True,
)


@settings(max_examples=100, deadline=None)
@given(TEXT, TEXT, PLACES, st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=4))
def test_what_is_written_is_read_to_the_character(
    tmp_path_factory: pytest.TempPathFactory,
    title: str,
    abstract: str,
    places: list[tuple[int, int, str]],
    pairs: list[tuple[int, int]],
) -> None:
    folder = tmp_path_factory.mktemp("tables")
    text = f"{title} {abstract}"
    spans = [
        (start, start + length, type_)
        for start, length, type_ in places
        if start + length <= len(text) and text[start : start + length].strip()
    ]
    terms = range(len(spans))
    path = tables(
        folder,
        f"1\t{title}\t{abstract}\n",
        "".join(f"1\tT{i}\t{t}\t{s}\t{e}\t{text[s:e]}\n" for i, (s, e, t) in enumerate(spans)),
        "".join(f"1\tX\tArg1:T{a}\tArg2:T{b}\n" for a, b in set(pairs) if {a, b} <= set(terms)),
    )
    rejects = Rejects()
    (found,) = read(path, rejects)
    assert rejects.rows == []
    assert found.text == text
    assert [(m.start, m.end, m.type) for m in found.mentions] == spans
    assert len(found.relations) == len([1 for a, b in set(pairs) if {a, b} <= set(terms)])
    pubtator.write(folder / "a.pubtator", [found])
    assert same(list(pubtator.read(folder / "a.pubtator", rejects)), [found])
    assert rejects.rows == []


def same(ours: list[Document], theirs: list[Document]) -> bool:
    """Return whether documents have the same text, mentions and relations, in whatever order."""
    return [(d.text, set(d.mentions), set(d.relations)) for d in ours] == [
        (d.text, set(d.mentions), set(d.relations)) for d in theirs
    ]


@pytest.mark.data
@pytest.mark.parametrize(
    ("part", "documents", "mentions", "relations"),
    [("train", 1020, 25752, 4761), ("dev", 612, 15567, 2858)],
)
def test_chemprot_is_kept_to_the_character(
    data_root: Path, tmp_path: Path, part: str, documents: int, mentions: int, relations: int
) -> None:
    rejects = Rejects()
    path = data_root / "corpora" / "chemprot" / f"{part}_abstracts.tsv.gz"
    found = list(read(path, rejects))
    assert len(found) == documents
    assert sum(len(document.mentions) for document in found) == mentions
    assert sum(len(document.relations) for document in found) == relations
    pubtator.write(tmp_path / "a.pubtator", found)
    assert same(list(pubtator.read(tmp_path / "a.pubtator", rejects)), found)
    assert rejects.rows == []
