from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from biolabel.data.documents import Document, Passage
from biolabel.errors import CorpusError
from biolabel.text.formats.columnar import Columnar
from biolabel.text.formats.given import UnusableError
from biolabel.text.formats.schemas import converter
from biolabel.text.rejects import Rejects

KNOWLEDGE: dict[str, Any] = {
    "document_id": "d1",
    "passages": [
        {"type": "Title", "text": ["Rash from aspirin"], "offsets": [[0, 17]]},
        {"type": "abstract", "text": ["It healed."], "offsets": [[18, 28]]},
    ],
    "entities": [
        {"id": "e1", "type": "Disease", "text": ["Rash"], "offsets": [[0, 4]],
         "normalized": [{"db_name": "mesh", "db_id": "D005076"}]},
        {"id": "e2", "type": "Chemical", "text": ["aspirin"], "offsets": [[10, 17]],
         "normalized": []},
    ],
    "relations": [{"type": "CID", "arg1_id": "e2", "arg2_id": "e1"}],
}  # fmt: skip
TOKENS: dict[str, Any] = {
    "id": "d2",
    "tokens": ["Aspirin", "helps", "."],
    "ner_tags": ["B-Drug", "O", "O"],
}


def read(
    row: Mapping[str, object], columns: dict[str, str] | None = None, labels: tuple[str, ...] = ()
) -> tuple[Document, Rejects]:
    rejects = Rejects()
    file = Columnar(Path("rows.parquet"), tuple(row), dict.fromkeys(labels, ("a", "b")), ())
    return converter(file, columns or {}, "rows", rejects)(7, row), rejects


def reasons(rejects: Rejects) -> list[tuple[str, str]]:
    return [(row.lost, row.reason) for row in rejects.rows]


def test_a_knowledge_base_row_is_a_document() -> None:
    found, rejects = read(KNOWLEDGE)
    assert reasons(rejects) == []
    assert found.id == "d1"
    assert found.passages == (
        Passage("title", 0, "Rash from aspirin"),
        Passage("abstract", 18, "It healed."),
    )
    assert [(m.start, m.end, m.type, m.concepts) for m in found.mentions] == [
        (0, 4, "Disease", ("MESH:D005076",)),
        (10, 17, "Chemical", ()),
    ]
    [relation] = found.relations
    assert (relation.task, relation.subject, relation.object) == (
        "CID", "@10-17:Chemical", "@0-4:Disease",
    )  # fmt: skip


def test_what_is_wrong_in_a_row_costs_only_itself() -> None:
    broken = {"id": "e3", "type": "Drug", "text": ["aspirin"], "offsets": [[90, 97]]}
    lost = {"type": "CID", "arg1_id": "e2", "arg2_id": "e9"}
    nameless = {"type": "", "arg1_id": "e2", "arg2_id": "e1"}
    row = KNOWLEDGE | {
        "entities": [*KNOWLEDGE["entities"], broken],
        "relations": [*KNOWLEDGE["relations"], lost, nameless],
    }
    found, rejects = read(row)
    assert (len(found.mentions), len(found.relations)) == (2, 1)
    assert [row.lost for row in rejects.rows] == ["mention", "relation", "relation"]
    assert "there is no entity e9" in rejects.rows[1].reason
    assert "no type" in rejects.rows[2].reason


def test_passages_that_overlap_stand_one_after_the_other() -> None:
    passages = [
        {"type": "title", "text": ["One"], "offsets": [[0, 3]]},
        {"type": "abstract", "text": ["Two"], "offsets": [[1, 4]]},
    ]
    found, rejects = read(KNOWLEDGE | {"passages": passages, "entities": [], "relations": []})
    assert [p.text for p in found.passages] == ["One", "Two"]
    assert found.text == "One Two"
    assert [lost for lost, _ in reasons(rejects)] == ["nothing"]


def test_a_row_without_text_is_no_document() -> None:
    with pytest.raises(UnusableError, match="no text"):
        read(KNOWLEDGE | {"passages": []})


def test_tokens_with_tags() -> None:
    found, rejects = read(TOKENS)
    assert reasons(rejects) == []
    assert found.text.split() == ["Aspirin", "helps", "."]
    assert [(found.text[m.start : m.end], m.type) for m in found.mentions] == [("Aspirin", "Drug")]


def test_tokens_and_tags_of_different_length() -> None:
    with pytest.raises(UnusableError, match="as many tags as tokens"):
        read(TOKENS | {"ner_tags": ["O"]})


def test_named_columns_must_be_there() -> None:
    with pytest.raises(CorpusError, match="has no column 'bio'") as caught:
        read(TOKENS, {"tags": "bio"})
    assert caught.value.code == "BL641"


def test_other_rows_are_texts_with_labels() -> None:
    row = {"id": "d3", "text": "It is harmful.", "label": "toxic"}
    found, _ = read(row, labels=("label",))
    assert (found.id, found.text, dict(found.topics)) == (
        "d3",
        "It is harmful.",
        {"label": "toxic"},
    )
