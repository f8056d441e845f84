import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from biolabel.data.documents import Document, Passage
from biolabel.errors import CorpusError
from biolabel.text import store_changes
from biolabel.text.build import Annotation, naive
from biolabel.text.documents import corpus_documents
from biolabel.text.pipeline import Pipeline
from biolabel.text.store import open_store, write
from biolabel.text.store_files import read_index

NAIVE = Pipeline(sentences="naive", abbreviations=False)


def document(id_: str, text: str = "") -> Document:
    return Document(id_, (Passage("title", 0, text or f"Text {id_}. It ends."),))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a store of documents a to e, two in a shard."""
    write(tmp_path / "store", map(document, "abcde"), NAIVE, shard_documents=2)
    return tmp_path / "store"


def texts(folder: Path) -> dict[str, str]:
    return {d.id: d.text for d in corpus_documents(open_store(folder).whole())}


def inodes(folder: Path) -> dict[str, int]:
    return {path.parent.name: path.stat().st_ino for path in folder.glob("shards/*/rows.arrow")}


def processed(seen: list[str], given: Iterable[Document]) -> Iterator[tuple[Document, Annotation]]:
    for each in given:
        seen.append(each.id)
        yield each, naive(each)


def test_added_documents_fill_the_last_shard(folder: Path) -> None:
    before, seen = inodes(folder), list[str]()
    added = store_changes.add(
        folder, map(document, "fgh"), stream=lambda given: processed(seen, given)
    )
    assert "".join(added.ids) == "abcdefgh"
    assert [shard.documents for shard in added.shards] == [2, 2, 2, 2]
    assert seen == ["f", "g", "h"]
    kept = before.items() & inodes(folder).items()
    assert {name for name, _ in kept} == {shard.folder.name for shard in added.shards[:2]}


def test_only_touched_shards_are_written(folder: Path) -> None:
    before, seen = inodes(folder), list[str]()
    new = [document("d", "Other words."), document("a", "More of them.")]
    replaced = store_changes.replace(folder, new, stream=lambda given: processed(seen, given))
    assert seen == ["d", "a"]
    assert "".join(replaced.ids) == "abcde"
    assert texts(folder)["d"] == "Other words."
    assert texts(folder)["c"] == "Text c. It ends."
    assert len(before.items() & inodes(folder).items()) == 1
    removed = store_changes.remove(folder, ["e", "c"])
    assert "".join(removed.ids) == "abd"
    assert [shard.documents for shard in removed.shards] == [2, 1]


def test_to_replace_a_document_by_itself_writes_nothing(folder: Path) -> None:
    before = inodes(folder)
    same = store_changes.replace(folder, [document("c")])
    assert inodes(folder) == before
    assert "".join(same.ids) == "abcde"


def test_who_reads_a_store_keeps_it(folder: Path) -> None:
    old = open_store(folder)
    store_changes.remove(folder, ["a", "b", "c", "d"])
    assert "".join(old.ids) == "abcde"
    assert old.whole().texts[0] == "Text a. It ends."
    assert open_store(folder).ids == ("e",)


def test_a_store_that_changes_while_it_is_opened_is_opened_as_it_is_then(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = read_index(folder)
    store_changes.remove(folder, ["a"])
    answers = [old]
    monkeypatch.setattr(
        "biolabel.text.store_files.read_index",
        lambda place: answers.pop() if answers else read_index(place),
    )
    assert "".join(open_store(folder).ids) == "bcde"


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (lambda f: store_changes.add(f, [document("c")]), "BL606", "c is there twice"),
        (lambda f: store_changes.add(f, []), "BL605", "no documents"),
        (lambda f: store_changes.replace(f, [document("x")]), "BL662", "no document x"),
        (lambda f: store_changes.replace(f, []), "BL605", "no documents"),
        (lambda f: store_changes.remove(f, ["a", "ab"]), "BL662", "no document ab"),
        (lambda f: store_changes.remove(f, "abcde"), "BL663", "no document would be left"),
        (lambda f: store_changes.remove(f.parent, "a"), "BL611", "no corpus store"),
    ],
)
def test_what_cannot_be_done_changes_nothing(
    folder: Path, change: Callable[[Path], object], code: str, said: str
) -> None:
    before = (folder / "corpus.json").read_bytes()
    with pytest.raises(CorpusError, match=said) as caught:
        change(folder)
    assert caught.value.code == code
    assert (folder / "corpus.json").read_bytes() == before
    assert "".join(open_store(folder).ids) == "abcde"


def test_an_id_is_looked_for_nearby(folder: Path) -> None:
    store_changes.add(folder, [document("PMID1234")])
    with pytest.raises(CorpusError) as caught:
        store_changes.remove(folder, ["PMID1243"])
    assert caught.value.hint == "did you mean PMID1234?"


def test_two_changes_at_once_are_refused(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with pytest.raises(CorpusError, match="another process") as caught:
        store_changes.remove(folder, ["a"])
    assert caught.value.code == "BL661"
    with pytest.raises(CorpusError, match="another process") as caught:
        write(folder, [document("x")], NAIVE)
    assert caught.value.code == "BL661"
    os.close(handle)
    assert len(store_changes.remove(folder, ["a"]).ids) == 4


KILLED = """
import os, signal, sys
from pathlib import Path
from biolabel.data.documents import Document, Passage
from biolabel.text import store_changes
from biolabel.text.build import naive

def stream(given):
    for number, each in enumerate(given):
        if number == 4:
            os.kill(os.getpid(), signal.SIGKILL)
        yield each, naive(each)

new = (Document(str(i), (Passage("title", 0, "New."),)) for i in range(9))
store_changes.add(Path(sys.argv[1]), new, stream=stream)
"""


def test_a_killed_change_leaves_the_old_store_and_the_next_one_cleans_up(folder: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(folder)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert len(list((folder / "shards").iterdir())) > 3
    assert "".join(open_store(folder).ids) == "abcde"
    store_changes.add(folder, [document("f")])
    assert "".join(open_store(folder).ids) == "abcdef"
    names = {shard.folder.name for shard in open_store(folder).shards}
    assert {path.name for path in (folder / "shards").iterdir()} == names
