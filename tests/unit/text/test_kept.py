"""What was found once is found again; whatever is wrong with the file costs time only."""

import sqlite3
import zlib
from pathlib import Path

import pytest

from biolabel.data.documents import Document, Mention, Passage
from biolabel.text.build import Abbreviation, Annotation
from biolabel.text.kept import Kept, name_of
from biolabel.text.projection import Tokens

TOKENS = Tokens((0, 4), (3, 5), ("rat", "."), ("NOUN", "PUNCT"), ("NN", "."), ("", ""), (1, -1))
FOUND = Annotation((0, 7), (Abbreviation(3, 5, 0, 2),), (TOKENS,))


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    """Return an empty cache in a folder that does not exist yet."""
    return Kept(tmp_path / "folder" / "kept.sqlite")


def text(passage: str, name: str = "1", offset: int = 0) -> Document:
    return Document(name, (Passage("abstract", offset, passage),))


def test_what_was_added_is_found_by_its_text(kept: Kept) -> None:
    assert kept.find([text("Rat.")]) == [None]
    assert not kept.path.exists()
    kept.add([text("Rat."), text("\ud800")], [FOUND, Annotation(())])
    named = Document("2", (Passage("title", 0, "Rat."),), (Mention(0, 3, "Animal"),))
    asked = [text("Cat."), named, text("Rat.", offset=1), text("\ud800")]
    assert kept.find(asked) == [None, FOUND, None, Annotation(())]


def test_many_are_asked_for_at_once(kept: Kept) -> None:
    documents = [text(f"Rat {i}.") for i in range(1200)]
    kept.add(documents[::2], [Annotation((i,)) for i in range(600)])
    found = kept.find(documents)
    assert found[::2] == [Annotation((i,)) for i in range(600)]
    assert found[1::2] == [None] * 600


def test_an_uncommitted_batch_is_forgotten_whole(kept: Kept) -> None:
    kept.add([text("Rat.")], [FOUND])
    writer = sqlite3.connect(kept.path)
    writer.execute("DELETE FROM annotations")
    assert kept.find([text("Rat.")]) == [FOUND]
    writer.close()
    assert kept.find([text("Rat.")]) == [FOUND]


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", zlib.compress(b"[]"), zlib.compress(b"null"), zlib.compress(b'[["x"], [], []]'),
     zlib.compress(b"[[0], [[1]], []]"), zlib.compress(b"[[0], [], [[1]]]")],
)  # fmt: skip
def test_a_damaged_entry_is_not_there(kept: Kept, content: bytes) -> None:
    kept.add([text("Rat."), text("Cat.")], [FOUND, FOUND])
    with sqlite3.connect(kept.path) as connection:
        key = connection.execute("SELECT text FROM annotations").fetchall()[0]
        connection.execute("UPDATE annotations SET found = ? WHERE text = ?", (content, *key))
    connection.close()
    assert sorted(map(str, kept.find([text("Rat."), text("Cat.")]))) == [str(FOUND), "None"]


@pytest.mark.parametrize("damage", [b"no database", b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_damaged_file_is_made_anew(kept: Kept, damage: bytes) -> None:
    kept.path.parent.mkdir()
    kept.path.write_bytes(damage)
    assert kept.find([text("Rat.")]) == [None]
    kept.add([text("Rat.")], [FOUND])
    kept.add([text("Rat.")], [FOUND])
    assert kept.find([text("Rat.")]) == [FOUND]


def test_damage_in_the_middle_costs_time_only(kept: Kept) -> None:
    documents = [text(f"Rat {i}.") for i in range(2000)]
    kept.add(documents, [FOUND] * 2000)
    content = bytearray(kept.path.read_bytes())
    content[4096 : len(content) // 2] = b"\x07" * (len(content) // 2 - 4096)
    kept.path.write_bytes(content)
    assert set(map(str, kept.find(documents))) <= {"None", str(FOUND)}
    kept.add(documents, [FOUND] * 2000)
    kept.add(documents, [FOUND] * 2000)
    assert kept.find(documents) == [FOUND] * 2000


def test_another_table_is_left_alone(kept: Kept) -> None:
    kept.path.parent.mkdir()
    with sqlite3.connect(kept.path) as connection:
        connection.execute("CREATE TABLE other (x)")
    connection.close()
    assert kept.find([text("Rat.")]) == [None]
    kept.add([text("Rat.")], [FOUND])
    assert kept.find([text("Rat.")]) == [FOUND]


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    kept = Kept(tmp_path / "file" / "kept.sqlite")
    kept.add([text("Rat.")], [FOUND])
    assert kept.find([text("Rat.")]) == [None]


def test_ways_of_processing_have_their_own_files() -> None:
    assert name_of({"a": 1}, "x") == name_of({"a": 1}, "x") != name_of({"a": 1}, "y")
