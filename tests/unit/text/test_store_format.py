from pathlib import Path

import pytest

from biolabel.data.documents import Document, Passage
from biolabel.errors import CorpusError
from biolabel.text.formats.known import files_of, read_documents, source_of
from biolabel.text.pipeline import Pipeline
from biolabel.text.rejects import Rejects
from biolabel.text.store import write

NAIVE = Pipeline(sentences="naive", abbreviations=False)


def test_a_store_is_read_like_a_file(tmp_path: Path) -> None:
    given = [Document(str(i), (Passage("title", 0, f"Text {i}"),)) for i in range(5)]
    write(tmp_path / "s", given, NAIVE, shard_documents=2)
    rejects = Rejects()
    assert list(read_documents(tmp_path / "s", rejects)) == given
    assert rejects.rows == []
    assert source_of(tmp_path / "s").format.name == "store"
    assert files_of(tmp_path / "s") == (tmp_path / "s" / "corpus.json",)


def test_another_folder_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(CorpusError) as caught:
        read_documents(tmp_path, Rejects(), "store")
    assert caught.value.code == "BL632"
