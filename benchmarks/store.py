"""The corpus store: opening 100,000 abstracts, their size on disk, and changes to them.

`python benchmarks/store.py`: the CDR training part 200 times under new ids, cut by the naive pipeline
(texts are processed in benchmarks/ingest.py). Opening is the time until the columns of all shards are
arrays, with the files in the system's cache, median of 5 in this process; a copy would be seen in
what Arrow allocates. The rivals open the same content in the same run: the same tables as Parquet
files, and spaCy's DocBin of a part of the documents, told as time a document. Takes two minutes.
"""

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from frame import Row, write

from biolabel.data.documents import Document
from biolabel.resources import data_root
from biolabel.text import store_changes
from biolabel.text.formats.pubtator import read
from biolabel.text.pipeline import Pipeline
from biolabel.text.rejects import Rejects
from biolabel.text.store import Store, open_store
from biolabel.text.store import write as write_store
from biolabel.text.store_checks import verify

DOCUMENTS = 100_000
RIVAL = 2_000
"""Documents of the DocBin, which takes half a minute to make of all."""
CHANGED = 100
"""Documents that are added, replaced and removed."""
MOST_SECONDS = 0.2
MOST_COPIED = 1 << 20
"""Bytes that may be allocated where nothing is copied: Arrow's own accounts of 20 shards."""
NAIVE = Pipeline(sentences="naive", abbreviations=False)


def repeated(documents: list[Document]) -> Iterator[Document]:
    """Yield documents again and again, under new ids."""
    for number in range(1 << 20):
        for document in documents:
            yield replace(document, id=f"{document.id}.{number}")


def seconds_of(work: Callable[[], object]) -> float:
    """Return how long something takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def opened(folder: Path) -> list[object]:
    """Open all columns of all shards."""
    store = open_store(folder)
    return [store.corpus(shard) for shard in range(len(store.shards))]


def as_parquet(store: Store, folder: Path) -> list[Path]:
    """Write the tables of a store as Parquet files, and return them."""
    paths = []
    for shard, tables in enumerate(store.tables):
        for name, table in tables.items():
            paths.append(folder / f"{shard}.{name}.parquet")
            pq.write_table(table, paths[-1])
    return paths


def docbin(documents: Iterable[Document], path: Path) -> Callable[[], object]:
    """Write the tokens of documents as spaCy does, and return what opens them."""
    import spacy
    from spacy.tokens import DocBin

    nlp = spacy.blank("en")
    DocBin(docs=nlp.pipe(document.text for document in documents)).to_disk(path)
    return lambda: list(DocBin().from_disk(path).get_docs(nlp.vocab))


def main() -> None:
    """Measure and write the figures."""
    path = data_root() / "corpora" / "cdr" / "train.pubtator.gz"
    documents = list(read(path, Rejects()))
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        folder = place / "store"
        many = islice(repeated(documents), DOCUMENTS)
        writing = seconds_of(lambda: write_store(folder, many, NAIVE))
        store = open_store(folder)
        size = sum(file.stat().st_size for file in folder.rglob("*.arrow"))
        del store
        before = pa.total_allocated_bytes()
        held = opened(folder)
        copied = pa.total_allocated_bytes() - before
        del held
        opening = statistics.median(seconds_of(lambda: opened(folder)) for _ in range(5))
        (place / "parquet").mkdir()
        files = as_parquet(open_store(folder), place / "parquet")
        packed = sum(file.stat().st_size for file in files)
        parquet = seconds_of(lambda: [pq.read_table(file) for file in files])
        rival = docbin(islice(repeated(documents), RIVAL), place / "docs.spacy")
        spacy = statistics.median(seconds_of(rival) for _ in range(3)) / RIVAL * DOCUMENTS
        checking = seconds_of(lambda: list(verify(folder)))
        new = [replace(d, id=f"new {d.id}") for d in islice(documents, CHANGED)]
        adding = seconds_of(lambda: store_changes.add(folder, new))
        replacing = seconds_of(lambda: store_changes.replace(folder, new))
        removing = seconds_of(lambda: store_changes.remove(folder, [d.id for d in new]))
        shutil.rmtree(folder)
    n = f"{DOCUMENTS:,} abstracts"
    write(
        "store",
        [
            Row(f"{n}: open all columns of all shards", round(opening, 4), MOST_SECONDS, "s",
                opening < MOST_SECONDS),
            Row(f"{n}: bytes allocated by opening", copied, MOST_COPIED, "bytes",
                copied < MOST_COPIED),
            Row("open, against reading the same tables from Parquet", round(parquet / opening),
                None, "times as fast"),
            Row("open, against spaCy's DocBin", round(spacy / opening), None, "times as fast"),
            Row("on disk", round(size / DOCUMENTS), None, "bytes a document"),
            Row("on disk as Parquet, compressed", round(packed / DOCUMENTS), None,
                "bytes a document"),
            Row("build columns and write them", round(DOCUMENTS / writing), None, "documents/s"),
            Row("verify", round(DOCUMENTS / checking), None, "documents/s"),
            Row(f"add {CHANGED} documents to {DOCUMENTS:,}", round(adding, 2), None, "s"),
            Row(f"replace {CHANGED} of them, in one shard", round(replacing, 2), None, "s"),
            Row(f"remove {CHANGED} of them", round(removing, 2), None, "s"),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    main()
