"""Documents from rows of named columns, as tables, JSON objects and datasets have them.

    id        the document's id; rows without it are called after the file, with their number behind
    text      the text, or
    title, abstract, text    a passage each, with one blank between them
    topics    columns that hold labels of the whole document: "label", or with the task "relevant = label"
    meta      columns that become metadata; all others unless it is given

Names of columns are compared without case. A map of columns gives other names, several with commas.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from math import isnan
from pathlib import Path

from biolabel.data.documents import Document
from biolabel.errors import CorpusError
from biolabel.text.formats.format import Columns
from biolabel.text.formats.given import UnusableError
from biolabel.text.formats.repeated import Seen
from biolabel.text.passages import placed
from biolabel.text.rejects import Rejects

COLUMNS = ("id", "text", "title", "abstract", "topics", "meta")
"""What a map of columns can name."""

_IDS = ("id", "pmid", "document_id", "doc_id")
_TEXTS = ("title", "abstract", "text")


Row = tuple[int, Mapping[str, object]]
"""The number of a row, from 1, or its line in the file, and its values by column."""

Convert = Callable[[int, Mapping[str, object]], Document]
"""Makes the document of a row, given its number and values; raises UnusableError if it cannot."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns of a table hold what.

    id: empty if none does; texts: column to the kind of its passage, in the order of the text;
    topics: column to task; meta: column to field.
    """

    id: str
    texts: Mapping[str, str]
    topics: Mapping[str, str]
    meta: Mapping[str, str]


def layout_of(
    names: Sequence[str], columns: Columns, where: str, *, texts_elsewhere: bool = False
) -> Layout:
    """Return what the columns of a table hold, as a map of columns says or as they are called.

    where: what the table is called in errors; texts_elsewhere: that no column holds texts.

    Raises:
        CorpusError: BL641 when a column is missing, or a name is there twice.
    """
    there = {name.casefold(): name for name in names}
    if len(there) < len(names):
        twice = next(
            name for name in names if there[name.casefold()] != name or names.count(name) > 1
        )
        raise CorpusError("BL641", f"{where} has two columns called {twice!r}")

    def column(name: str) -> str:
        if name.casefold() in there:
            return there[name.casefold()]
        near = get_close_matches(name.casefold(), there, n=1)
        listed = f"it has: {', '.join(names)}"
        hint = f"did you mean {there[near[0]]}? {listed}" if near else listed
        raise CorpusError("BL641", f"{where} has no column {name!r}", hint=hint)

    def named(content: str) -> list[tuple[str, str]]:
        """Return pairs of a name and the column that it stands for."""
        parts = [part.strip() for part in columns[content].split(",") if part.strip()]
        pairs = [part.partition("=") for part in parts]
        return [(name.strip(), column((of if sign else name).strip())) for name, sign, of in pairs]

    chosen = [kind for kind in _TEXTS if columns.get(kind)]
    usual = [kind for kind in _TEXTS if kind in there]
    if "abstract" in usual and "text" in usual:
        usual.remove("text")  # it is the two others once more
    kinds = () if texts_elsewhere else chosen or usual
    texts = {column(columns.get(kind, kind)): kind.replace("text", "") for kind in kinds}
    if not (texts or texts_elsewhere):
        listed = f"it has: {', '.join(names)}" if names else "it has no columns"
        message = f"{where} has no column for the text"
        hint = f"say which with --column text=NAME, or columns.text in task.toml; {listed}"
        raise CorpusError("BL641", message, hint=hint)
    id_ = next((there[name] for name in _IDS if name in there), "")
    id_ = column(columns["id"]) if columns.get("id") else id_
    topics = {of: name for name, of in named("topics")} if "topics" in columns else {}
    rest = [(name, name) for name in names if name not in (id_, *texts, *topics)]
    meta = {of: name for name, of in (named("meta") if "meta" in columns else rest)}
    return Layout(id_, texts, topics, meta)


def documents_of(
    rows: Iterable[Row],
    convert: Convert,
    path: Path,
    rejects: Rejects,
    seen: Seen,
) -> Iterator[Document]:
    """Yield the documents of rows; what `convert` cannot use is rejected, and so are repeated ids."""
    for number, row in rows:
        try:
            document = convert(number, row)
            if again := seen.again(document.id, document):
                raise UnusableError(*again)
        except UnusableError as fault:
            shown = json.dumps(row, ensure_ascii=False, default=str)
            rejects.add(path, number, "", fault.lost, fault.reason, shown)
            continue
        yield document


def document_of(row: Mapping[str, object], layout: Layout, otherwise: str) -> Document:
    """Return the document of a row; `otherwise` is its id where no column holds ids.

    A layout without texts gives a document without passages.

    Raises:
        UnusableError: for a row without an id or a text, or with something else than text there.
    """
    id_ = id_of(row.get(layout.id)) if layout.id else otherwise
    parts = [(kind, _text(row.get(name), name), "") for name, kind in layout.texts.items()]
    if parts and not any(text.strip() for _, text, _ in parts):
        raise UnusableError("document", "the document has no text")
    meta = {field: items_of(row.get(name)) for name, field in layout.meta.items()}
    topics = {task: items_of(row.get(name)) for name, task in layout.topics.items()}
    return Document(
        id_,
        placed(parts),
        meta={field: items for field, items in meta.items() if items},
        topics={task: labels[0] for task, labels in topics.items() if labels},
    )


def id_of(value: object) -> str:
    """Return an id, which may be written as a whole number.

    Raises:
        UnusableError: when it is neither, or empty.
    """
    known = isinstance(value, str | int) and not isinstance(value, bool)
    if not known or not str(value).strip():
        raise UnusableError("document", "the document has no id")
    return str(value)


def items_of(value: object) -> tuple[str, ...]:
    """Return a value, or each of a list, as text: nothing for what is empty, JSON for what is nested."""
    if isinstance(value, list | tuple):
        return tuple(text for item in value for text in items_of(item))
    match value:
        case str():
            text = value
        case None:
            text = ""
        case bool() | dict():
            text = json.dumps(value, ensure_ascii=False, default=str)
        case float():
            text = "" if isnan(value) else repr(value)
        case _:
            text = str(value)
    return (text,) if text.strip() else ()


def _text(value: object, name: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        kind = type(value).__name__
        raise UnusableError("document", f"{name} is no text, but {kind}: {str(value)[:40]!r}")
    return value
