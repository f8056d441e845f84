"""Documents of a file that a run wrote are found one by one as they are read all together."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biolabel.data.documents import Document, Mention, Passage, Relation
from biolabel.errors import CorpusError
from biolabel.text.formats.pubtator import read, write
from biolabel.text.predicted import Predicted
from biolabel.text.rejects import Rejects

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@st.composite
def documents(draw: st.DrawFn) -> list[Document]:
    """Return documents with different ids, some of them without a text, with mentions and labels."""
    found = []
    for number in range(draw(st.integers(0, 5))):
        title, abstract = draw(TEXT), draw(TEXT)
        passages = Passage("title", 0, title), Passage("abstract", len(title) + 1, abstract)
        whole = f"{title} {abstract}"
        mentions = [
            Mention(at, at + 1, "Chemical", ("MESH:C1",))
            for at in range(len(whole))
            if whole[at : at + 1].isalnum() and draw(st.booleans())
        ]
        relations = [Relation("causes", "MESH:C1", "MESH:D1", "causes", 0.25)] * bool(mentions)
        topics = {"topic": "harm"} if draw(st.booleans()) else {}
        found.append(
            Document(f"é{number}", passages, tuple(mentions), tuple(relations), topics=topics)
        )
    return found


@settings(max_examples=30, deadline=None)
@given(documents())
def test_each_is_what_reading_all_gives(
    tmp_path_factory: pytest.TempPathFactory, given: list[Document]
) -> None:
    path = tmp_path_factory.mktemp("predicted") / "fused.own.pubtator"
    write(path, given)
    try:
        expected = {found.id: found for found in read(path, Rejects())}
    except CorpusError:  # no document at all is no PubTator for those who read files of others
        expected = {}
    predicted = Predicted(path)
    assert dict(predicted) == expected
    assert list(predicted) == list(expected)
    assert len(predicted) == len(expected)
    assert predicted.get("another") is None
    for name in expected:
        assert predicted[name] == expected[name]


def test_it_stays_when_the_file_goes(tmp_path: Path) -> None:
    path = tmp_path / "fused.own.pubtator"
    write(
        path,
        [
            Document("1", (Passage("title", 0, "Aspirin"),)),
            Document("2", (Passage("title", 0, "Pain"),)),
        ],
    )
    predicted = Predicted(path)
    assert predicted["1"].text == "Aspirin"
    path.unlink()
    assert predicted["2"].text == "Pain"


def test_a_file_that_is_not_there_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="cannot read") as caught:
        Predicted(tmp_path / "none.pubtator").get("1")
    assert caught.value.code == "BL601"
