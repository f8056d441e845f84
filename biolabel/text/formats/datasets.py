"""Datasets of Hugging Face `datasets` on disk, read without that library.

A folder is one if it was made by `save_to_disk` (`state.json`, or `dataset_dict.json` over a folder for
each split), is a folder of that library's cache (`dataset_info.json` beside Arrow files), or holds
Parquet files called `NAME-00000-of-00001.parquet`, as on the Hub. All splits are read, or the one that
`columns.split` names; the metadata `split` says where a document was. Rows without an id are called after
their split, or the folder, with their number behind.

Three kinds of columns are known:

- `passages` and `entities`, the knowledge base schema of BigBio: mentions with their parts and concepts,
  relations between them; events and coreferences are not read;
- `tokens` and `ner_tags` (or as `columns.tokens` and `columns.tags` say): mentions from tags such as
  `B-Disease`; the text is the tokens with a blank between them;
- anything else is a table (`biolabel.text.formats.rows`), whose `ClassLabel` columns are topics unless
  `columns.topics` is given.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from biolabel.data.documents import Document
from biolabel.errors import CorpusError
from biolabel.text.formats.columnar import opened
from biolabel.text.formats.format import Columns, Format
from biolabel.text.formats.repeated import Seen
from biolabel.text.formats.rows import COLUMNS, Row, documents_of
from biolabel.text.formats.schemas import converter
from biolabel.text.rejects import Rejects
from biolabel.text.topics import with_topics

_SHARD = re.compile(r"(?:(.*?)-)?\d{5}-of-\d{5}$")


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    split: str


def is_dataset(folder: Path) -> bool:
    """Return whether a folder is a dataset."""
    marked = (folder / "state.json", folder / "dataset_dict.json", folder / "dataset_info.json")
    return any(path.is_file() for path in marked) or any(
        _SHARD.match(path.stem) for path in folder.rglob("*.parquet")
    )


def read(path: Path, rejects: Rejects, columns: Columns) -> Iterator[Document]:
    """Yield the documents of a dataset, holding a thousand at a time.

    Raises:
        CorpusError: BL601 or BL642 when a file is missing or damaged, or there is no such split; BL641
            when there are no columns for the text.
    """
    return with_topics(path, _read(path, rejects, columns), rejects)


def _read(path: Path, rejects: Rejects, columns: Columns) -> Iterator[Document]:
    files = _files(path)
    splits = list(dict.fromkeys(file.split for file in files if file.split))
    wanted = columns.get("split", "")
    if wanted and wanted not in splits:
        near = get_close_matches(wanted, splits, n=1)
        there = f"it has: {', '.join(splits) or 'no names of splits'}"
        hint = f"did you mean {near[0]}? {there}" if near else there
        raise CorpusError("BL642", f"the dataset {path} has no split {wanted!r}", hint=hint)
    seen = Seen()
    counts: Counter[str] = Counter()
    for file in files:
        if wanted in ("", file.split):
            table = opened(file.path)
            convert = converter(table, columns, file.split or path.name, rejects)
            rows = _counted(table.rows(rejects, counts[file.split]), file.split, counts)
            where = {"split": (file.split,)} if file.split else {}
            for document in documents_of(rows, convert, file.path, rejects, seen):
                yield replace(document, meta={**where, **document.meta})


def _counted(rows: Iterable[Row], split: str, counts: Counter[str]) -> Iterator[Row]:
    """Yield rows and keep the number of the last one."""
    for number, row in rows:
        counts[split] = number
        yield number, row


def _files(folder: Path) -> list[_File]:
    """Return the files of a dataset in order.

    Raises:
        CorpusError: BL642 when one is missing, or an index is damaged.
    """
    index = folder / "dataset_dict.json"
    if index.is_file():
        splits = _json(index).get("splits")
        names = [str(name) for name in splits] if isinstance(splits, list) else []
        return [
            replace(file, split=name) for name in names for file in _files(folder / Path(name).name)
        ]
    if (folder / "state.json").is_file():
        state = _json(folder / "state.json")
        listed = state.get("_data_files")
        parts = (
            [part for part in listed if isinstance(part, dict)] if isinstance(listed, list) else []
        )
        paths = [folder / Path(str(part.get("filename"))).name for part in parts]
        missing = [file.name for file in paths if not file.is_file()]
        if missing or not paths:
            what = f"has no {missing[0]}" if missing else "names no files in state.json"
            raise CorpusError("BL642", f"the dataset {folder} {what}")
        return [_File(file, str(state.get("_split") or "")) for file in paths]
    found = sorted([*folder.rglob("*.parquet"), *folder.glob("*.arrow")])
    if not found:
        raise CorpusError("BL642", f"the dataset {folder} has no Arrow or Parquet files")
    return [_File(file, _split(file)) for file in found]


def _json(path: Path) -> Mapping[str, object]:
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise CorpusError("BL642", f"{path} cannot be read: {error}") from error
    return value if isinstance(value, dict) else {}


def _split(file: Path) -> str:
    """Return the split that a file is named after: `train-00000-of-00002`, or `pubmed-train`."""
    name = _SHARD.sub(lambda shard: shard[1] or "", file.stem)
    return name.rpartition("-")[2] if file.suffix == ".arrow" else name


FORMAT = Format(
    name="datasets",
    title="Hugging Face dataset",
    endings=(),
    read=read,
    folder=is_dataset,
    columns=(*COLUMNS, "tokens", "tags", "split"),
)
