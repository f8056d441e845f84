"""Ingest: documents a second by pipeline, over one and two processes, and from what is kept.

`python benchmarks/ingest.py`: abstracts of the CDR training part, repeated with changed texts, become
a corpus store on disk. Rates count from the first document that is ready to the last, so that
loading spaCy, which takes as long for ten documents as for a million, is a figure of its own. The
rivals process the same texts in the same run and in one process: spaCy's bare tokenizer, scispaCy's
own components, and the trained pipeline with the same parts. The trained pipeline runs on fewer
documents. Takes about three minutes on two cores that are not busy otherwise.
"""

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TypeVar

from frame import Row, write

from biolabel.data.documents import Document
from biolabel.data.executor import Processes
from biolabel.resources import data_root
from biolabel.text import store
from biolabel.text.formats.pubtator import read
from biolabel.text.kept import Kept
from biolabel.text.pipeline import Pipeline, annotation_stream
from biolabel.text.rejects import Rejects

TRAINED = "en_core_web_sm"
LEAST_GAIN = 1.8
"""How much faster two processes on two cores must be, as issue 4 has it."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Case:
    """A pipeline, how many documents it gets, and the rival that does the same work."""

    name: str
    pipeline: Pipeline
    documents: int
    rival: str
    side_by_side: bool = True


CASES = (
    Case("naive", Pipeline(sentences="naive", abbreviations=False), 20_000, "tokenizer", False),
    Case("scispacy", Pipeline(), 8_000, "scispacy"),
    Case("tagger and parser", Pipeline(tagger=TRAINED, parser=TRAINED), 1_500, "trained"),
)


@dataclass
class Watch:
    """Notes when the first and the last of some documents were ready."""

    first: float = 0.0
    last: float = 0.0
    seen: int = 0

    def __call__(self, items: Iterable[T], *, name: str, total: int | None = None) -> Iterator[T]:
        """Yield the items, as a progress does."""
        del name, total
        for item in items:
            self.last = time.perf_counter()
            self.first = self.first or self.last
            self.seen += 1
            yield item

    @property
    def rate(self) -> float:
        """Documents a second between the first and the last."""
        return (self.seen - 1) / (self.last - self.first)


def changed(documents: Sequence[Document], n: int) -> Iterator[Document]:
    """Yield n documents, each with another text than all others."""
    for number in range(n):
        document = documents[number % len(documents)]
        *others, last = document.passages
        longer = replace(last, text=f"{last.text} This was seen {number} times.")
        yield replace(document, id=f"{number}", passages=(*others, longer))


def ingested(case: Case, documents: Sequence[Document], folder: Path, workers: int) -> Row:
    """Return the documents a second of one ingest; what is found is kept in the folder."""
    watch = Watch()
    stream = annotation_stream(
        case.pipeline, Processes(workers), Kept(folder / f"{workers}.sqlite")
    )
    given = changed(documents, case.documents)
    store.write(folder / "store", given, case.pipeline, watch, stream=stream)
    processes = f"{workers} process{'es' if workers > 1 else ''}"
    return Row(f"{case.name}: {processes}", watch.rate, None, "documents/s")


def rival_of(name: str) -> Callable[[Iterable[str]], object]:
    """Return what a rival does with texts."""
    import spacy
    from scispacy.abbreviation import AbbreviationDetector
    from scispacy.custom_sentence_segmenter import pysbd_sentencizer
    from scispacy.custom_tokenizer import combined_rule_tokenizer

    if name == "tokenizer":
        tokenizer = spacy.blank("en").tokenizer
        return lambda texts: [tokenizer(text) for text in texts]
    if name == "trained":
        from biolabel.text.trained import load

        trained = load(TRAINED, ("tagger", "parser"))
        return lambda texts: list(trained.pipe(texts))
    nlp = spacy.blank("en")
    nlp.tokenizer = combined_rule_tokenizer(nlp)
    find = AbbreviationDetector(nlp)
    return lambda texts: [find(pysbd_sentencizer(nlp(text))) for text in texts]


def rows_of(case: Case, documents: Sequence[Document]) -> list[Row]:
    """Return the figures of one pipeline."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        alone = ingested(case, documents, folder, 1)
        rows = [alone]
        if case.side_by_side:
            pair = ingested(case, documents, folder, 2)
            gain = pair.value / alone.value
            rows += [
                pair,
                Row(f"{case.name}: two processes against one", round(gain, 2), LEAST_GAIN,
                    "times", gain >= LEAST_GAIN),
                replace(ingested(case, documents, folder, 1), name=f"{case.name}: all of it kept"),
            ]  # fmt: skip
    work = rival_of(case.rival)
    texts = [document.text for document in islice(changed(documents, 300), 300)]
    work(texts[:20])
    started = time.perf_counter()
    work(texts)
    rate = len(texts) / (time.perf_counter() - started)
    named = {"tokenizer": "spaCy's bare tokenizer", "scispacy": "scispaCy's components"}
    rival = named.get(case.rival, f"{TRAINED} with `nlp.pipe`")
    return [
        *(replace(row, value=round(row.value, 2)) for row in rows),
        Row(rival, round(rate, 2), None, "documents/s"),
        Row(f"{case.name}: one process against it", round(alone.value / rate, 2), None, "times"),
    ]


def main() -> None:
    """Measure and write the figures."""
    path = data_root() / "corpora" / "cdr" / "train.pubtator.gz"
    documents = list(read(path, Rejects()))
    started = time.perf_counter()
    list(annotation_stream(Pipeline())(documents[:1]))
    loading = time.perf_counter() - started
    rows = [Row("loading spaCy and scispaCy", round(loading, 2), None, "s")]
    for case in CASES:
        rows += rows_of(case, documents)
    write("ingest", rows)


if __name__ == "__main__":
    main()
