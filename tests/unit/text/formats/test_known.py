from pathlib import Path

import pytest

from biolabel.errors import CorpusError
from biolabel.text.formats.known import read_documents
from biolabel.text.rejects import Rejects

CONTENT = "1|t|A title\n1|a|\n"


@pytest.mark.parametrize("name", ["a.pubtator", "A.PubTator", "b.PubTator.txt", "c.x.pubtator.gz"])
def test_the_name_tells_the_format(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(CONTENT)
    assert [document.id for document in read_documents(tmp_path / name, Rejects())] == ["1"]


def test_other_names_are_refused_at_once_with_what_exists(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text("<x/>")
    with pytest.raises(CorpusError, match=r"a\.xml") as caught:
        read_documents(path, Rejects())
    assert caught.value.code == "BL603"
    assert ".pubtator.gz" in caught.value.hint


@pytest.mark.parametrize("name", ["", "missing.pubtator"])
def test_what_is_no_file_is_refused_at_once(tmp_path: Path, name: str) -> None:
    with pytest.raises(CorpusError, match=r"no such file|a folder") as caught:
        read_documents(tmp_path / name, Rejects())
    assert caught.value.code == "BL601"
