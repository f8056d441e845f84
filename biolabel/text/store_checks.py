"""Whether a corpus store is whole: its files as they were written, its columns in agreement."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from biolabel.data.corpus import Corpus, corpus_from
from biolabel.data.progress import Progress, silent
from biolabel.errors import CorpusError
from biolabel.text.build import content_hash_of, hashes_of
from biolabel.text.layout import rows_over
from biolabel.text.store_files import ShardNote, hash_of, read_index, read_shard, shard_folder
from biolabel.text.store_tables import POINTERS, Tables

Bools = NDArray[np.bool_]
Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a store: the code, the shard, the first document of which it is true, and what.

    shard and document are "" where the fault is of no single one.
    """

    code: str
    shard: str
    document: str
    message: str


def verify(folder: Path, progress: Progress = silent) -> Iterator[Fault]:
    """Yield everything that is wrong with a store; nothing if it is whole.

    The faults: BL612 a table that cannot be read; BL664 a file with other bytes than were written;
    BL665 to BL668 and BL671 columns that disagree; BL669 an id twice; BL670 hashes that disagree.

    Raises:
        CorpusError: BL611 when the folder is no corpus store; BL612 when its index is damaged.
    """
    index = read_index(folder)
    hashes: list[bytes] = []
    ids: Counter[str] = Counter()
    complete = True
    for note in progress(index.shards, name="verifying shards", total=len(index.shards)):
        yield from _changed_files(folder, note)
        try:
            tables = _readable(folder, note)
        except CorpusError as error:
            complete = False
            yield Fault(error.code, note.name, "", error.message)
            continue
        own = hashes_of(tables)
        if content_hash_of(own) != note.content_hash:
            said = "the hashes of its documents do not give its content hash"
            yield Fault("BL670", note.name, "", said)
        hashes += own
        ids.update(tables["documents"]["id"].to_pylist())
        yield from _disagreements(tables, note)
    for id_, times in ids.items():
        if times > 1:
            yield Fault("BL669", "", id_, f"the id is there {times} times")
    if complete and content_hash_of(hashes) != index.content_hash:
        said = "the hashes of all documents do not give the content hash of the store"
        yield Fault("BL670", "", "", said)


def _changed_files(folder: Path, note: ShardNote) -> Iterator[Fault]:
    for name, wanted in note.hashes.items():
        path = shard_folder(folder, note.name) / f"{name}.arrow"
        if path.is_file() and hash_of(path) != wanted:
            said = f"{name}.arrow has other bytes than were written"
            yield Fault("BL664", note.name, "", said)


def _readable(folder: Path, note: ShardNote) -> Tables:
    """Return the tables of a shard after Arrow's own check of every value.

    Raises:
        CorpusError: BL612 when one cannot be read.
    """
    tables = read_shard(folder, note)
    for name, table in tables.items():
        try:
            table.validate(full=True)
        except pa.ArrowException as error:
            raise CorpusError("BL612", f"{name}.arrow cannot be read: {error}") from error
    return tables


def _disagreements(tables: Tables, note: ShardNote) -> Iterator[Fault]:
    """Yield the first kind of disagreement that there is: what comes later relies on what came before."""
    ids = tables["documents"]["id"]
    for code, check in _CHECKS.items():
        found = False
        for what, bad, doc in check(tables):
            if bad.any():
                found = True
                docs = np.unique(doc[bad])
                known = docs[(docs >= 0) & (docs < len(ids))]
                first = str(ids[int(known[0])]) if len(known) else ""
                many = f" in {len(docs):,} documents" if len(docs) > 1 else ""
                yield Fault(code, note.name, first, f"{what}: {int(bad.sum()):,}{many}")
        if found:
            return


_Found = Iterator[tuple[str, Bools, Ints]]
"""What would be wrong, where it is, and the document of each place."""


def _numbers(tables: Tables) -> _Found:
    """Numbers of rows of other tables are within these tables; documents ascend."""
    for name, pointers in POINTERS.items():
        for column, target in pointers.items():
            table = tables[name]
            if column not in table.column_names:
                continue
            numbers, doc = table[column].to_numpy(), table["doc"].to_numpy()
            least = -1 if column == "head" else 0
            # A range may end, and an empty one begin, behind the last row.
            most = tables[target].num_rows - (not column.endswith("_row"))
            what = f"{name}: {column} is no number of {target}"
            yield what, (numbers < least) | (numbers > most), doc
        if "doc" in pointers:
            doc = tables[name]["doc"].to_numpy()
            yield f"{name} do not stand in the order of documents", _falls(doc), doc


def _offsets(tables: Tables) -> _Found:
    """Sections are in texts, sentences in sections, rows in sentences, each behind the one before."""
    corpus = corpus_from(tables, "")
    length = pc.utf8_length(tables["documents"]["text"]).to_numpy().astype(np.int64)
    zero = np.zeros_like(length)
    section, sentence = corpus.sentence_section, corpus.row_sentence
    inside = (
        ("sections", "section", corpus.section_doc, zero, length),
        ("sentences", "sentence", section, corpus.section_start, corpus.section_end),
        ("rows", "row", sentence, corpus.sentence_start, corpus.sentence_end),
        ("mentions", "mention", corpus.mention_doc, zero, length),
        ("short forms", "short", corpus.abbreviation_doc, zero, length),
        ("long forms", "long", corpus.abbreviation_doc, zero, length),
    )
    for what, name, owner, low, high in inside:
        start, end = getattr(corpus, f"{name}_start"), getattr(corpus, f"{name}_end")
        doc = _doc(corpus, name)
        out = (start < low[owner]) | (end > high[owner]) | (end < start)
        if name != "section":
            out |= end == start
        yield f"{what} are not where their text is", out, doc
        if name in ("section", "sentence", "row"):
            same = np.zeros(len(doc), np.bool_)
            same[1:] = doc[1:] == doc[:-1]
            over = same & (start < np.append(0, end[:-1])[: len(start)])
            yield f"{what} overlap the one before", over, doc


def _doc(corpus: Corpus, name: str) -> Ints:
    found: Ints = getattr(corpus, f"{'abbreviation' if name in ('short', 'long') else name}_doc")
    return found


def _partition(tables: Tables) -> _Found:
    """Rows belong to the sentences that count them, and these to the same document; so do heads."""
    corpus = corpus_from(tables, "")
    doc, first, end = corpus.sentence_doc, corpus.sentence_first_row, corpus.sentence_end_row
    before = np.append(0, end[:-1])[: len(end)]
    yield "sentences that do not begin where the one before ends", first != before, doc
    yield "sentences without rows", first >= end, doc
    rows = np.arange(len(corpus.row_doc))
    sentence = corpus.row_sentence
    out = (rows < first[sentence]) | (rows >= end[sentence])
    out |= corpus.row_doc != doc[sentence]
    yield "rows that are not in their sentence", out, corpus.row_doc
    head = np.maximum(corpus.row_head, 0)
    away = (corpus.row_head >= 0) & (sentence[head] != sentence)
    yield "rows that hang on another sentence", away, corpus.row_doc
    section = corpus.section_doc[corpus.sentence_section]
    yield "sentences in a section of another document", section != doc, doc


def _forms(tables: Tables) -> _Found:
    """The text of a row is its form, in lower case its lower form, and says whether it is a word."""
    corpus = corpus_from(tables, "")
    rows = tables["rows"]
    forms = pc.cast(rows["form"], pa.string()).to_pylist()
    lowers = pc.cast(rows["lower"], pa.string()).to_pylist()
    wrong = np.zeros(len(forms), np.bool_)
    borders = corpus.doc_rows.tolist()
    starts, ends = corpus.row_start.tolist(), corpus.row_end.tolist()
    for doc, (first, end) in enumerate(pairwise(borders)):
        text = corpus.texts[doc]
        own = [text[a:b] for a, b in zip(starts[first:end], ends[first:end], strict=True)]
        if own != forms[first:end]:
            wrong[first:end] = [a != b for a, b in zip(own, forms[first:end], strict=True)]
    yield "rows whose text is not their form", wrong, corpus.row_doc
    cases = {form: form.lower() for form in set(forms)}
    low = np.array([cases[a] != b for a, b in zip(forms, lowers, strict=True)], np.bool_)
    yield "rows with another lower form than their text", low, corpus.row_doc
    words = {form: form[0].isalnum() or form[0] == "_" for form in cases}
    kind = np.array([words[form] for form in forms], np.bool_) != corpus.row_is_word
    yield "rows that are words, or are none, against their text", kind, corpus.row_doc


def _overlaps(tables: Tables) -> _Found:
    """Mentions and abbreviations name the rows that they overlap; mentions stand in order."""
    corpus = corpus_from(tables, "")
    spans = (
        ("mentions", "mention", "mention"),
        ("short forms", "short", "abbreviation"),
        ("long forms", "long", "abbreviation"),
    )
    row_start, row_end = (_line(corpus.row_doc, at) for at in (corpus.row_start, corpus.row_end))
    for what, name, owner in spans:
        doc = getattr(corpus, f"{owner}_doc")
        start, end = (_line(doc, getattr(corpus, f"{name}_{side}")) for side in ("start", "end"))
        first, last = rows_over(row_start, row_end, start, end)
        told = getattr(corpus, f"{name}_first_row"), getattr(corpus, f"{name}_end_row")
        yield (
            f"{what} with other rows than they overlap",
            (first != told[0]) | (last != told[1]),
            doc,
        )
        if name == "mention":
            yield f"{what} that do not stand in order", _falls(start), doc


def _line(doc: Ints, at: Ints) -> NDArray[np.int64]:
    """Return places in documents as numbers that ascend with both."""
    return (doc.astype(np.int64) << 32) + at


def _falls(numbers: NDArray[np.int64] | Ints) -> Bools:
    """Return which numbers are less than the one before."""
    found = np.zeros(len(numbers), np.bool_)
    found[1:] = numbers[1:] < numbers[:-1]
    return found


_CHECKS: Mapping[str, Callable[[Tables], _Found]] = {
    "BL666": _numbers,
    "BL665": _offsets,
    "BL671": _partition,
    "BL667": _forms,
    "BL668": _overlaps,
}
"""The checks of a shard by the codes of their faults, in the order in which they rely on each other."""
