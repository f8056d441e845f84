import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from biolabel.data.documents import Document, Mention, Passage, Relation
from biolabel.errors import CorpusError
from biolabel.text.formats.brat import FORMAT, read, write
from biolabel.text.formats.known import read_documents, source_of
from biolabel.text.rejects import Rejects

TEXT = "Renal and hepatic failure\nThe \u00e9\U0001f600 zinc.\n"
ANNOTATIONS = (
    "T1\tDisease 0 5;18 25\tRenal failure\n"
    "T2\tChemical 33 37\tzinc\n"
    "R1\tcauses Arg2:T1 Arg1:T2\n"
    "N1\tReference T2 MeSH:D1\tzinc\n"
    "N2\tReference T2 MESH:D2\tzinc\n"
)

Files = Mapping[str, str | bytes]
Rows = list[tuple[str, int, str, str]]


def parse(tmp_path: Path, files: Files, *, packed: bool = False) -> tuple[list[Document], Rows]:
    path = tmp_path / ("a.zip" if packed else "a")
    contents = {n: c.encode() if isinstance(c, str) else c for n, c in files.items()}
    if packed:
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in contents.items():
                archive.writestr(name, content)
    else:
        for name, content in contents.items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(content)
    rejects = Rejects()
    documents = list(read(path, rejects))
    return documents, [(row.file, row.line, row.lost, row.reason) for row in rejects.rows]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("folder", ["", "dev/"])
def test_texts_and_annotations_make_a_document(tmp_path: Path, packed: bool, folder: str) -> None:
    files = {f"{folder}7.txt": TEXT, f"{folder}7.ann": ANNOTATIONS, f"{folder}8.txt": "Zinc"}
    (first, second), rejected = parse(tmp_path, files, packed=packed)
    assert first == Document(
        "7",
        (Passage("title", 0, TEXT[:25]), Passage("abstract", 26, TEXT[26:-1])),
        (
            Mention(0, 25, "Disease", parts=((0, 5), (18, 25))),
            Mention(33, 37, "Chemical", ("MESH:D1", "MESH:D2")),
        ),
        (Relation("causes", "@33-37:Chemical", "@0-25:Disease", "causes"),),
    )
    assert second == Document("8", (Passage("", 0, "Zinc"),))
    assert rejected == []


def test_ids_keep_the_folders_that_tell_documents_apart(tmp_path: Path) -> None:
    documents, _ = parse(tmp_path, {"x/a/1.txt": "Zinc", "x/b/1.txt": "Iron"}, packed=True)
    assert [document.id for document in documents] == ["a/1", "b/1"]


def test_annotations_in_two_files_belong_together(tmp_path: Path) -> None:
    a1, a2 = "T1\tX 0 4\tZinc\nT2\tX 5 9\tiron\n", "R1\tr Arg1:T1 Arg2:T2\n"
    (found,), rejected = parse(tmp_path, {"1.txt": "Zinc iron", "1.a1": a1, "1.a2": a2})
    assert found.relations == (Relation("r", "@0-4:X", "@5-9:X", "r"),)
    assert rejected == []


def test_windows_line_ends_count(tmp_path: Path) -> None:
    (found,), rejected = parse(
        tmp_path, {"1.txt": "Zinc\r\niron\r\n", "1.ann": "T1\tX 6 10\tiron\r\n"}
    )
    assert found.text == "Zinc  iron"
    assert found.mentions == (Mention(6, 10, "X"),)
    assert rejected == []


@pytest.mark.parametrize(
    ("line", "lost", "said"),
    [
        ("T2\tX 0 4", "mention", "is not T1, a type with offsets and a text"),
        ("T2\tX 0 4 9\tZinc", "mention", "is not T1"),
        ("T2\tX 0 4\tIron", "mention", "the text at 0-4 is 'Zinc', not 'Iron'"),
        ("T2\tX 0 99\tZinc", "mention", "0-99 is no span"),
        ("T1\tX 0 4\tZinc", "mention", "there are two mentions T1"),
        ("N1\tReference T9 D1\tx", "concept", "there is no mention T9"),
        ("N1\tReference T1 D 1\tx", "concept", "'D 1' is no identifier"),
        ("N1\tReference T1", "concept", "is not N1"),
        ("R1\tr Arg1:T1 Arg2:T9", "relation", "there is no mention T9"),
        ("R1\tr Arg1:T1", "relation", "is not R1"),
        ("E1\tBinding:T1 Theme:T1", "relation", "events are not read"),
        ("A1\tNegation T1", "line", "attributes are not read"),
        ("M1\tNegation T1", "line", "attributes are not read"),
        ("*\tEquiv T1 T2", "line", "equivalences are not read"),
        ("#1\tAnnotatorNotes T1\tsure?", "nothing", "notes are not read"),
        ("what is this", "line", "it is no annotation"),
    ],
)
def test_a_wrong_line_costs_only_itself(tmp_path: Path, line: str, lost: str, said: str) -> None:
    annotations = f"T1\tX 0 4\tZinc\n{line}\nT5\tX 5 9\tiron\n"
    (found,), rejected = parse(tmp_path, {"1.txt": "Zinc iron", "1.ann": annotations})
    assert found.mentions == (Mention(0, 4, "X"), Mention(5, 9, "X"))
    ((file, number, what, reason),) = rejected
    assert (file, number, what) == ("1.ann", 2, lost)
    assert said in reason


def test_files_that_cannot_be_used_cost_only_themselves(tmp_path: Path) -> None:
    files: Files = {
        "1.txt": b"\xff", "2.txt": " \n", "3.txt": "Zinc", "3.ann": b"T1\tX 0 4\t\xff\n", "4.ann": "",
    }  # fmt: skip
    (found,), rejected = parse(tmp_path, files)
    assert found == Document("3", (Passage("", 0, "Zinc"),))
    assert [(file, lost, reason) for file, _, lost, reason in rejected] == [
        ("4.ann", "document", "there is no text beside the annotations"),
        ("1.txt", "document", "the file is not UTF-8"),
        ("2.txt", "document", "the document has no text"),
        ("3.ann", "mention", "the file is not UTF-8"),
    ]


def test_what_is_no_zip_or_has_no_texts_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.zip").write_bytes(b"PK no")
    for path in (tmp_path / "bad.zip", tmp_path):
        with pytest.raises(CorpusError) as caught:
            list(read(path, Rejects()))
        assert caught.value.code == "BL602"


def test_damaged_members_of_a_zip_cost_only_themselves(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("1.txt", "Zinc harms")
        archive.writestr("2.txt", "Iron harms")
    path.write_bytes(path.read_bytes().replace(b"Zinc harms", b"Zinc hurts"))
    rejects = Rejects()
    assert [document.id for document in read(path, rejects)] == ["2"]
    assert [(row.file, row.lost) for row in rejects.rows] == [("1.txt", "document")]


def test_huge_members_of_a_zip_are_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("biolabel.text.formats.brat._LARGEST", 100)
    (found,), rejected = parse(tmp_path, {"1.txt": "x" * 101, "2.txt": "Zinc"}, packed=True)
    assert found.id == "2"
    assert rejected == [("1.txt", 1, "document", "the file has 101 bytes")]


def test_a_folder_with_annotations_is_one_corpus(tmp_path: Path) -> None:
    (tmp_path / "1.txt").write_text("1|t|Zinc\n")
    assert source_of(tmp_path).format.name != "brat"
    (tmp_path / "1.ann").touch()
    assert source_of(tmp_path).format is FORMAT
    assert [document.text for document in read_documents(tmp_path, Rejects())] == ["1|t|Zinc"]


def test_folders_are_replaced_if_they_are_of_brat(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out, [Document("1", (Passage("", 0, "Zinc"),), topics={"t": "x"})])
    write(out, [Document("2", (Passage("", 0, "Zinc"),))])
    assert sorted(file.name for file in tmp_path.rglob("*.*")) == ["2.ann", "2.txt"]
    (out / "notes.md").touch()
    with pytest.raises(CorpusError, match="holds other files") as caught:
        write(out, [Document("3", (Passage("", 0, "Zinc"),))])
    assert caught.value.code == "BL604"
    assert (out / "2.txt").exists()


def test_the_same_documents_give_the_same_zip(tmp_path: Path) -> None:
    documents = [Document("1", (Passage("", 0, "Zinc"),), (Mention(0, 4, "X"),))]
    for name in ("a.zip", "b.zip"):
        write(tmp_path / name, documents)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


@pytest.mark.parametrize(
    "document",
    [
        Document("a/b", (Passage("", 0, "Zinc"),)),
        Document("..", (Passage("", 0, "Zinc"),)),
        Document("", (Passage("", 0, "Zinc"),)),
        Document("1", (Passage("", 0, " "),)),
        Document("1", (Passage("", 0, "Zinc"),), (Mention(0, 4, "a b"),)),
    ],
)
def test_what_brat_cannot_hold_is_refused(tmp_path: Path, document: Document) -> None:
    with pytest.raises(CorpusError) as caught:
        write(tmp_path / "out", [document])
    assert caught.value.code == "BL610"
    assert FORMAT.unfit(document) == caught.value.message
    assert not (tmp_path / "out").exists()


def zipped(path: Path, files: Files) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return path


def test_names_that_lead_out_of_a_zip_are_no_documents(tmp_path: Path) -> None:
    names = ("../../evil.txt", "/abs.txt", "a/../../b.txt", "\\\\host\\c.txt", "good.txt")
    rejects = Rejects()
    found = list(read(zipped(tmp_path / "a.zip", dict.fromkeys(names, TEXT)), rejects))
    assert [document.id for document in found] == ["good"]
    assert len([row for row in rejects.rows if "out of the archive" in row.reason]) == 4


def test_a_zip_that_holds_far_more_than_its_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("biolabel.data.growth.HARMLESS", 10_000)
    path = zipped(tmp_path / "a.zip", {f"{i}.txt": "a " * 100_000 for i in range(3)})
    with pytest.raises(CorpusError) as raised:
        list(read(path, Rejects()))
    assert raised.value.code == "BL643"


def test_a_zip_with_a_file_without_a_name(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"x.ann": "", "1.txt": TEXT})
    content = path.read_bytes()
    path.write_bytes(content.replace(b"\x05\x00\x00\x00x.ann", b"\x00\x00\x05\x00x.ann"))
    assert [document.id for document in read(path, Rejects())] in ([], ["1"])
