"""Corpora: official layouts, made up here, and the real files where there are any."""

import gzip
from collections.abc import Callable, Mapping
from pathlib import Path

from corpora_scripts import (
    bc5cdr,
    chemprot,
    ddi2013,
    drugprot,
    hallmarks,
    ncbi_disease,
    pubmed_baseline,
)
from corpora_scripts.frame import Source, run

import pytest

from biolabel.data.documents import Document
from biolabel.text.formats.known import read_documents
from biolabel.text.rejects import Rejects, read_rejects, rejects_path

Archive = Callable[[str, Mapping[str, str | bytes]], Path]
PUBTATOR = (
    "1|t|Naloxone and pain\n1|a|Naloxone reverses it.\n"
    "1\t0\t8\tNaloxone\tChemical\tD009270\n1\t13\t17\tpain\tDisease\tD010146\n"
    "1\tCID\tD009270\tD010146\n\n"
)
ABSTRACTS = "7\tAspirin\tIt inhibits COX-1.\n"
ENTITIES = "7\tT1\tCHEMICAL\t0\t7\tAspirin\n7\tT2\tGENE-Y\t20\t25\tCOX-1\n"


def converted(
    source: Source, folder: Path, to: Path, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str]:
    """Return the exit status and what was printed."""
    capsys.readouterr()
    status = run(source, ["--from", str(folder), "--to", str(to), "--lock", str(to / "x.lock")])
    shown = capsys.readouterr()
    return status, shown.out + shown.err


def documents(path: Path) -> list[Document]:
    rejects = Rejects()
    found = list(read_documents(path, rejects))
    assert rejects.rows == []
    return found


def test_bc5cdr_from_its_archive(
    archive: Archive, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inner = "CDR_Data/CDR.Corpus.v010516/CDR_{}Set.PubTator.txt"
    parts = ("Training", "Development", "Test")
    path = archive("CDR_Data.zip", {inner.format(part): PUBTATOR for part in parts})
    status, shown = converted(bc5cdr.SOURCE, path.parent, tmp_path, capsys)
    assert status == 3
    assert "1 documents, published are 500" in shown
    assert "2 mentions, 1 relations" in shown
    folder = tmp_path / "corpora" / "cdr"
    assert sorted(each.name for each in folder.iterdir()) == [
        "LICENCE.md",
        "dev.pubtator.gz",
        "test.pubtator.gz",
        "train.pubtator.gz",
    ]
    (document,) = documents(folder / "test.pubtator.gz")
    assert [mention.concepts for mention in document.mentions] == [
        ("MESH:D009270",),
        ("MESH:D010146",),
    ]
    assert document.relations[0].subject == "MESH:D009270"


def test_ncbi_disease_from_its_archives_with_a_wrong_line(
    archive: Archive, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = "\n" + PUBTATOR.replace("8\tNaloxone", "8\tAspirin")
    for part in ("train", "develop", "test"):
        path = archive(f"NCBI{part}set_corpus.zip", {f"NCBI{part}set_corpus.txt": wrong})
    # The archives are not those whose hashes are known, which is found out ...
    status, shown = converted(ncbi_disease.SOURCE, path.parent, tmp_path, capsys)
    assert (status, "BL704" in shown) == (1, True)
    assert not (tmp_path / "corpora").exists()
    # ... and files without an archive have no hash to be held to.
    for part in ("train", "develop", "test"):
        (path.parent / f"NCBI{part}set_corpus.zip").unlink()
        (path.parent / f"NCBI{part}set_corpus.txt").write_text(wrong, encoding="utf-8")
    status, shown = converted(ncbi_disease.SOURCE, path.parent, tmp_path, capsys)
    assert (status, "could not use 1 mention(s)" in shown) == (3, True)
    out = tmp_path / "corpora" / "ncbi_disease" / "dev.pubtator.gz"
    assert len(documents(out)[0].mentions) == 1
    assert "not 'Aspirin'" in read_rejects(rejects_path(out)).rows[0].reason


def test_chemprot_from_archives_in_its_archive(
    archive: Archive, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    relations = "7\tCPR:4\tY \tINHIBITOR\tArg1:T1\tArg2:T2\n"
    inner: dict[str, str | bytes] = {}
    for part, end in (("training", ""), ("development", ""), ("test", "_gs")):
        tables = {"abstracts": ABSTRACTS, "entities": ENTITIES, "relations": relations}
        folder = f"chemprot_{part}{end}"
        content = {
            f"{folder}/chemprot_{part}_{name}{end}.tsv": text for name, text in tables.items()
        }
        made = archive(f"{folder}.zip", content)
        inner[f"ChemProt_Corpus/{folder}.zip"] = made.read_bytes()
        made.unlink()
    path = archive("ChemProt_Corpus.zip", inner)
    _, shown = converted(chemprot.SOURCE, path.parent, tmp_path, capsys)
    assert shown.count("1 documents, 2 mentions, 1 relations") == 3
    (document,) = documents(tmp_path / "corpora" / "chemprot_original" / "test.jsonl.gz")
    (relation,) = document.relations
    assert (relation.label, relation.subject) == ("INHIBITOR", "@0-7:CHEMICAL")


def test_drugprot_from_folders_of_its_archive(
    archive: Archive, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold, background = "drugprot-gs-training-development", "test-background"
    relations = "7\tINHIBITOR\tArg1:T1\tArg2:T2\n"
    content = {
        f"{gold}/training/drugprot_training_abstracs.tsv": ABSTRACTS,
        f"{gold}/training/drugprot_training_entities.tsv": ENTITIES,
        f"{gold}/training/drugprot_training_relations.tsv": relations,
        f"{gold}/development/drugprot_development_abstracs.tsv": ABSTRACTS,
        f"{gold}/development/drugprot_development_entities.tsv": ENTITIES,
        f"{background}/test_background_abstracts.tsv": ABSTRACTS,
        f"{background}/test_background_entities.tsv": ENTITIES,
    }
    path = archive("drugprot-training-development-test-background.zip", content)
    status, shown = converted(drugprot.SOURCE, path.parent, tmp_path, capsys)
    assert status == 3
    assert shown.count("its table of relations is not at hand") == 1
    folder = tmp_path / "corpora" / "drugprot"
    assert documents(folder / "train.jsonl.gz")[0].relations[0].label == "INHIBITOR"
    assert documents(folder / "background.jsonl.gz")[0].relations == ()


DDI = """<?xml version="1.0" encoding="UTF-8"?>
<document id="DDI-MedLine.d1">
  <sentence id="s0" text="Aspirin and iron or gold salts.">
    <entity id="e0" charOffset="0-6" type="drug" text="Aspirin"/>
    <entity id="e1" charOffset="12-15;25-29" type="group" text="iron salts"/>
    <entity id="e2" charOffset="3-4" type="drug" text="iron"/>
    <pair id="p0" e1="e0" e2="e1" ddi="false"/>
    <pair id="p1" e1="e0" e2="e2" ddi="true" type="effect"/>
  </sentence>
  <sentence id="s1" text="Aspirin helps warfarin.">
    <entity id="e3" charOffset="0-6" type="drug" text="Aspirin"/>
    <entity id="e4" charOffset="14-21" type="drug" text="warfarin"/>
    <pair id="p2" e1="e3" e2="e4" ddi="true" type="mechanism"/>
    <pair id="p3" e1="e4" e2="e3" ddi="true"/>
  </sentence>
</document>
"""


def test_ddi_keeps_sentences_parts_and_interactions(
    archive: Archive, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    outside = (
        f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]><document id="x">&x;</document>'
    )
    test = "DDICorpus/Test/Test for DDI Extraction task/DrugBank"
    path = archive(
        "DDICorpus-2013.zip",
        {
            "DDICorpus/Train/MedLine/1.xml": DDI,
            "DDICorpus/Train/MedLine/2.xml": DDI,
            "DDICorpus/Train/DrugBank/3.xml": DDI[:300],
            "DDICorpus/Train/DrugBank/4.xml": outside,
            f"{test}/5.xml": DDI.replace("MedLine.d1", "DrugBank.d2"),
            "DDICorpus/Test/Test for DrugNER task/DrugBank/6.xml": DDI,
        },
    )
    status, shown = converted(ddi2013.SOURCE, path.parent, tmp_path, capsys)
    assert status == 3
    assert "published are 714" in shown
    train = tmp_path / "corpora" / "ddi2013" / "train.jsonl.gz"
    (document,) = documents(train)
    assert document.id == "DDI-MedLine.d1"
    assert [passage.text for passage in document.passages] == [
        "Aspirin and iron or gold salts.",
        "Aspirin helps warfarin.",
    ]
    found = {document.text[m.start : m.end]: m for m in document.mentions}
    assert sorted(found) == ["Aspirin", "iron or gold salts", "warfarin"]
    assert found["iron or gold salts"].parts == ((12, 16), (25, 30))
    assert {(r.task, r.label, r.subject) for r in document.relations} == {
        ("mechanism", "mechanism", "@32-39:drug"),
        ("int", "int", "@46-54:drug"),
    }
    reasons = {(row.file, row.lost) for row in read_rejects(rejects_path(train)).rows}
    assert reasons == {
        ("1.xml", "mention"), ("1.xml", "relation"), ("2.xml", "mention"), ("2.xml", "relation"),
        ("2.xml", "nothing"), ("3.xml", "document"), ("4.xml", "document"),
    }  # fmt: skip
    assert "secret" not in rejects_path(train).read_text("utf-8").replace("secret.txt", "")
    assert [d.id for d in documents(train.with_name("test.jsonl.gz"))] == ["DDI-DrugBank.d2"]


def test_hallmarks_of_documents(
    archive: Archive, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = f"Hallmarks-of-Cancer-{hallmarks.COMMIT}"
    labels = (
        "< < Resisting cell death--Apoptosis ANDCellular energetics"
        "<NULL<Cellular energetics--Glycolysis/Warburg effect< "
    )
    path = archive(
        f"{hallmarks.COMMIT}.zip",
        {
            f"{root}/text/11.txt": "Cells died .\n\nThey  were hungry .\n",
            f"{root}/labels/11.txt": labels,
            f"{root}/text/12.txt": "Nothing .\n",
            f"{root}/labels/12.txt": "< ",
            f"{root}/text/13.txt": "Lost .\n",
            f"{root}/text/14.txt": "Strange .\n",
            f"{root}/labels/14.txt": "<Being bored--Much",
            f"{root}/text/15.txt": b"\xff",
            f"{root}/labels/15.txt": "< ",
        },
    )
    status, shown = converted(hallmarks.SOURCE, path.parent, tmp_path, capsys)
    assert (status, "could not use 2 document(s), 1 topic(s)" in shown) == (3, True)
    out = tmp_path / "corpora" / "hallmarks" / "all.jsonl.gz"
    found = {document.id: document for document in documents(out)}
    assert sorted(found) == ["11", "12", "14"]
    assert found["11"].text == "Cells died . They were hungry ."
    yes = {topic for topic, label in found["11"].topics.items() if label == "yes"}
    assert yes == {"resisting_cell_death", "cellular_energetics"}
    assert set(found["11"].topics) == set(hallmarks.HALLMARKS)
    assert set(found["12"].topics.values()) == {"no"}


BASELINE = (
    "<?xml version='1.0'?>\n<PubmedArticleSet>\n<PubmedArticle>\n<MedlineCitation>"
    "<PMID>5</PMID><Article><ArticleTitle>On zinc.</ArticleTitle></Article>"
    "</MedlineCitation>\n</PubmedArticle>\n</PubmedArticleSet>\n"
)


def test_baseline_is_put_where_a_corpus_is_built_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hand = tmp_path / "hand"
    hand.mkdir()
    for number in (1, 2):
        name = hand / f"pubmed26n{number:04d}.xml.gz"
        name.write_bytes(gzip.compress(BASELINE.replace("5<", f"{number}<").encode()))
    status, shown = converted(pubmed_baseline.SOURCE, hand, tmp_path, capsys)
    assert (status, shown.count("1 articles")) == (0, 2)
    found = documents(tmp_path / "corpora" / "pubmed_baseline" / "pubmed26n0002.xml.gz")
    assert [document.id for document in found] == ["2"]
    whole = Rejects()
    ids = [d.id for d in read_documents(tmp_path / "corpora" / "pubmed_baseline", whole)]
    assert (ids, whole.counts()) == (["1", "2"], {})


@pytest.mark.parametrize("end", [-8, 30])
def test_baseline_that_is_cut_off_is_an_error(
    end: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hand = tmp_path / "hand"
    hand.mkdir()
    (hand / "pubmed26n0001.xml.gz").write_bytes(gzip.compress(BASELINE.encode())[:end])
    status, shown = converted(pubmed_baseline.SOURCE, hand, tmp_path, capsys)
    assert (status, "BL705" in shown) == (1, True)
    assert not (tmp_path / "corpora").exists()


def test_baseline_takes_a_range_of_files(capsys: pytest.CaptureFixture[str]) -> None:
    assert pubmed_baseline.numbers_of("2-4") == (2, 3, 4)
    assert pubmed_baseline.main(["--files", "2-3", "--list"]) == 0
    shown = capsys.readouterr().out
    assert shown.count("MD5 beside it") == 2
    assert "pubmed26n0003.xml.gz" in shown
    for wrong in ("0", "3-2", "1-9999", "x"):
        with pytest.raises(SystemExit):
            pubmed_baseline.main(["--files", wrong, "--list"])


@pytest.mark.data
@pytest.mark.parametrize(
    ("source", "out", "counts"),
    [
        (bc5cdr.SOURCE, "cdr/dev.pubtator.gz", "500 documents, 9,591 mentions, 1,012 relations"),
        (ncbi_disease.SOURCE, "ncbi_disease/dev.pubtator.gz", "100 documents, 787 mentions"),
        (
            chemprot.SOURCE,
            "chemprot_original/dev.jsonl.gz",
            "612 documents, 15,567 mentions, 2,858 relations",
        ),
    ],
)
def test_real_corpora_come_out_whole(
    source: Source,
    out: str,
    counts: str,
    data_root: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, shown = converted(source, data_root / "corpora", tmp_path, capsys)
    assert status == 3  # the test parts are not there
    assert f"{tmp_path / 'corpora' / out}: {counts}" in shown
    assert "published" not in shown
    folder, _, name = out.partition("/")
    if folder in ("cdr", "ncbi_disease"):
        given = list(read_documents(data_root / "corpora" / folder / name, Rejects()))
        assert documents(tmp_path / "corpora" / out) == given
