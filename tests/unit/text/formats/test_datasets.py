"""Folders as Hugging Face `datasets` writes them, made here with Arrow alone.

datasets 5.2 was seen to load what `both` writes here, and what it writes itself with `save_to_disk` and
`to_parquet` was read here.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from biolabel.data.documents import Document, Mention, Passage, Relation
from biolabel.errors import CorpusError
from biolabel.text.formats.datasets import is_dataset, read
from biolabel.text.formats.known import read_documents, source_of
from biolabel.text.rejects import Rejects

LABELS = {"_type": "ClassLabel", "names": ["no", "yes"]}
TAGS = {"_type": "List", "feature": {"_type": "ClassLabel", "names": ["O", "B-C", "I-C"]}}
STRING = {"_type": "Value", "dtype": "string"}
TEXTS = [{"text": "Zinc slept.", "label": 1}, {"text": "Tin woke.", "label": -1}]
KNOWLEDGE: dict[str, Any] = {
    "id": "0",
    "document_id": "77",
    "passages": [
        {"id": "1", "type": "Title", "text": ["Zinc sleeps"], "offsets": [[0, 11]]},
        {"id": "2", "type": "abstract", "text": ["Old and ill zinc."], "offsets": [[12, 29]]},
    ],
    "entities": [
        {
            "id": "e1",
            "type": "Chemical",
            "text": ["Zinc"],
            "offsets": [[0, 4]],
            "normalized": [
                {"db_name": "mesh", "db_id": "D015032"},
                {"db_name": "CHEBI", "db_id": "CHEBI:27363"},
            ],
        },
        {
            "id": "e2",
            "type": "State",
            "text": ["Old", "zinc"],
            "offsets": [[12, 15], [24, 28]],
            "normalized": [],
        },
        {"id": "e3", "type": "State", "text": ["new"], "offsets": [[12, 15]], "normalized": []},
    ],
    "events": [],
    "coreferences": [],
    "relations": [
        {"id": "r1", "type": "CID", "arg1_id": "e1", "arg2_id": "e2", "normalized": []},
        {"id": "r2", "type": "CID", "arg1_id": "e1", "arg2_id": "e3", "normalized": []},
    ],
}


def table(rows: Sequence[Mapping[str, object]], features: Mapping[str, object]) -> pa.Table:
    info = json.dumps({"info": {"features": features}})
    return pa.Table.from_pylist(list(rows)).replace_schema_metadata({"huggingface": info})


def saved(
    folder: Path,
    shards: Sequence[Sequence[Mapping[str, object]]],
    features: Mapping[str, object] | None = None,
    split: str | None = None,
) -> Path:
    """Write a folder as `Dataset.save_to_disk` does."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"data-{n:05}-of-{len(shards):05}.arrow" for n in range(len(shards))]
    for name, rows in zip(names, shards, strict=True):
        found = table(rows, features or {})
        with pa.ipc.new_stream(str(folder / name), found.schema) as stream:
            stream.write_table(found)
    state: dict[str, object] = {
        "_data_files": [{"filename": name} for name in names],
        "_fingerprint": "0",
        "_format_columns": None,
        "_format_kwargs": {},
        "_format_type": None,
        "_output_all_columns": False,
        "_split": split,
    }
    (folder / "state.json").write_text(json.dumps(state))
    (folder / "dataset_info.json").write_text(json.dumps({"features": features}))
    return folder


def both(folder: Path) -> Path:
    """Write two splits as `DatasetDict.save_to_disk` does."""
    features = {"text": STRING, "label": LABELS}
    saved(folder / "train", [TEXTS], features)
    saved(folder / "test", [[{"text": "Lead.", "label": 0}]], features)
    (folder / "dataset_dict.json").write_text('{"splits": ["train", "test"]}')
    return folder


def found(
    path: Path, columns: Mapping[str, str] | None = None
) -> tuple[list[Document], list[tuple[str, int, str, str, str]]]:
    rejects = Rejects()
    documents = list(read(path, rejects, columns or {}))
    return documents, [(r.file, r.line, r.doc, r.lost, r.reason) for r in rejects.rows]


def refused(path: Path, columns: Mapping[str, str] | None = None) -> CorpusError:
    with pytest.raises(CorpusError) as caught:
        found(path, columns)
    return caught.value


def test_splits_with_texts_and_labels(tmp_path: Path) -> None:
    assert found(both(tmp_path)) == (
        [
            Document(
                "train-1", (Passage("", 0, "Zinc slept."),), meta={"split": ("train",)},
                topics={"label": "yes"},
            ),
            Document("train-2", (Passage("", 0, "Tin woke."),), meta={"split": ("train",)}),
            Document(
                "test-1", (Passage("", 0, "Lead."),), meta={"split": ("test",)},
                topics={"label": "no"},
            ),
        ],
        [],
    )  # fmt: skip


def test_one_split(tmp_path: Path) -> None:
    both(tmp_path)
    assert [d.id for d in read_documents(tmp_path, Rejects(), "", {"split": "test"})] == ["test-1"]
    error = refused(tmp_path, {"split": "tset"})
    assert error.code == "BL642"
    assert error.hint == "did you mean test? it has: train, test"


def test_shards_are_one_split(tmp_path: Path) -> None:
    saved(tmp_path / "set", [TEXTS[:1], TEXTS[1:]], split="dev")
    documents, _ = found(tmp_path / "set")
    assert [(d.id, d.text) for d in documents] == [("dev-1", "Zinc slept."), ("dev-2", "Tin woke.")]
    assert documents[0].meta == {"split": ("dev",), "label": ("1",)}


def test_columns_say_what_holds_what(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"pmid": 5, "body": "Zinc.", "title": "T", "kind": "a", "label": 1}
    ]
    saved(tmp_path, [rows], {"label": LABELS})
    columns = {"text": "body", "topics": "what=kind", "meta": "good=label"}
    (document,), _ = found(tmp_path, columns)
    assert document == Document(
        "5", (Passage("", 0, "Zinc."),), meta={"good": ("yes",)}, topics={"what": "a"}
    )


def test_the_cache_of_the_library(tmp_path: Path) -> None:
    for part in (0, 1):
        found_ = table([TEXTS[part]], {})
        path = tmp_path / f"zinc_set-train-{part:05}-of-00002.arrow"
        with pa.ipc.new_stream(str(path), found_.schema) as stream:
            stream.write_table(found_)
    (tmp_path / "dataset_info.json").write_text("{}")
    documents, _ = found(tmp_path)
    assert [document.id for document in documents] == ["train-1", "train-2"]


def test_a_folder_of_the_hub(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "README.md").write_text("About.")
    for split, rows in (("train", TEXTS), ("test", TEXTS[:1])):
        path = tmp_path / "data" / f"{split}-00000-of-00001.parquet"
        parquet.write_table(table(rows, {"label": LABELS}), path)
    assert source_of(tmp_path).format.name == "datasets"
    documents, _ = found(tmp_path)
    assert [document.id for document in documents] == ["test-1", "train-1", "train-2"]
    assert documents[1].topics == {"label": "yes"}


def test_tokens_with_tags(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"id": "n1", "tokens": ["Zinc", "oxide", "slept", "."], "ner_tags": [1, 2, 0, -100]},
        {"id": "n2", "tokens": ["Tin", "woke"], "ner_tags": [2, 0]},
        {"id": "n3", "tokens": ["Tin", "woke"], "ner_tags": [0]},
        {"id": "n4", "tokens": [], "ner_tags": []},
    ]
    saved(tmp_path, [rows], {"ner_tags": TAGS})
    documents, rejects = found(tmp_path)
    assert documents == [
        Document("n1", (Passage("", 0, "Zinc oxide slept ."),), (Mention(0, 10, "C"),)),
        Document("n2", (Passage("", 0, "Tin woke"),), (Mention(0, 3, "C"),)),
    ]
    name = "data-00000-of-00001.arrow"
    assert rejects == [
        (name, 2, "n2", "nothing", "I-C follows no B-C; a mention begins here"),
        (name, 3, "", "document", "there are not as many tags as tokens"),
        (name, 4, "", "document", "the document has no tokens"),
    ]


def test_tags_in_another_column(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"words": ["Zinc"], "what": ["B-C"], "ner_tags": ["O"], "year": 2001}
    ]
    saved(tmp_path / "set", [rows])
    (document,), _ = found(tmp_path / "set", {"tags": "what", "meta": "year"})
    passages = (Passage("", 0, "Zinc"),)
    assert document == Document("set-1", passages, (Mention(0, 4, "C"),), meta={"year": ("2001",)})
    error = refused(tmp_path / "set", {"tags": "waht"})
    assert (error.code, "waht" in error.message) == ("BL641", True)


def test_the_schema_of_bigbio(tmp_path: Path) -> None:
    saved(tmp_path, [[KNOWLEDGE]])
    (document,), rejects = found(tmp_path)
    concepts = ("MESH:D015032", "CHEBI:27363")
    assert document == Document(
        "77",
        (Passage("title", 0, "Zinc sleeps"), Passage("abstract", 12, "Old and ill zinc.")),
        (
            Mention(0, 4, "Chemical", concepts),
            Mention(12, 28, "State", parts=((12, 15), (24, 28))),
        ),
        (Relation("CID", "@0-4:Chemical", "@12-28:State", "CID"),),
    )
    assert [row[1:] for row in rejects] == [
        (1, "77", "mention", "the text at 12-15 is 'Old', not 'new'"),
        (1, "77", "relation", "there is no entity e3"),
    ]


def test_passages_whose_offsets_are_wrong_stand_one_after_the_other(tmp_path: Path) -> None:
    title, abstract = KNOWLEDGE["passages"]
    wrong = {**KNOWLEDGE, "passages": [title, {**abstract, "offsets": [[5, 22]]}], "relations": []}
    saved(tmp_path, [[wrong]])
    (document,), rejects = found(tmp_path)
    assert document.text == "Zinc sleeps Old and ill zinc."
    assert rejects[0][3] == "nothing"
    assert len(document.mentions) == 2


def test_what_is_missing_or_damaged_is_an_error(tmp_path: Path) -> None:
    assert not is_dataset(tmp_path)
    saved(tmp_path, [TEXTS])
    (tmp_path / "data-00000-of-00001.arrow").write_bytes(b"no arrow")
    assert refused(tmp_path).code == "BL642"
    (tmp_path / "data-00000-of-00001.arrow").unlink()
    assert "has no data-00000" in refused(tmp_path).message
    (tmp_path / "state.json").write_text("{")
    assert refused(tmp_path).code == "BL642"
    (tmp_path / "dataset_dict.json").write_text('{"splits": ["../train"]}')
    assert "has no Arrow or Parquet files" in refused(tmp_path).message


def test_what_comes_before_a_fault_is_kept(tmp_path: Path) -> None:
    rows = [{"id": str(n), "text": f"text {n}"} for n in range(5000)]
    found_ = table(rows, {})
    path = saved(tmp_path, [TEXTS]) / "data-00000-of-00001.arrow"
    with pa.ipc.new_stream(str(path), found_.schema) as stream:
        stream.write_table(found_, max_chunksize=500)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    documents, ((_, line, _, lost, _),) = found(tmp_path)
    assert 0 < len(documents) < 5000
    assert (line, lost) == (len(documents) + 1, "rest")
