"""Growth with the number of documents: ingest and apply at 1 and 4 times the CDR training part.

`python benchmarks/scale.py`: time for 4 times the documents over time for one, and the rate of each
stage beside a bare spaCy tokenizer over the same texts in the same run.
"""

import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from frame import ROOT, Row, write

from biolabel.apply.terms import TermFinder
from biolabel.data.documents import Document
from biolabel.data.mentions import given_mentions
from biolabel.text import store
from biolabel.text.formats.known import read_documents
from biolabel.text.rejects import Rejects
from biolabel.workflow.apply import apply_entities, apply_others
from biolabel.workflow.bench import Bench
from biolabel.workflow.job import Job
from biolabel.workflow.settings import load_task

TIMES = (1, 4)


def repeated(documents: Iterable[Document], times: int) -> Iterator[Document]:
    """Yield the documents several times, under new ids."""
    for document in documents:
        for number in range(times):
            yield replace(document, id=f"{document.id}{number:03}")


def main() -> None:
    """Measure and write the figures."""
    from spacy.lang.en import English

    folder = load_task(ROOT / "tasks" / "cdr")
    path = folder.documents("corpus")
    if path is None:
        raise SystemExit("tasks/cdr names no documents")
    documents = list(read_documents(path, Rejects()))
    with tempfile.TemporaryDirectory() as name:
        workspace = Path(name)
        bench = Bench(Job(folder, workspace, {"corpus": path}))
        plan, knowledge = bench.plan, bench.knowledge
        seconds: dict[tuple[str, int], float] = {}
        for times in TIMES:
            started = time.perf_counter()
            place = workspace / f"corpus{times}"
            made = store.write(place, repeated(documents, times), bench.rules.pipeline)
            seconds["ingest", times] = time.perf_counter() - started
            started = time.perf_counter()
            corpus = made.whole()
            finder = TermFinder(corpus, knowledge)
            entities = apply_entities(finder, plan, bench.job.progress)
            apply_others(finder, plan, given_mentions(corpus), entities, bench.job.progress)
            seconds["apply", times] = time.perf_counter() - started
    started = time.perf_counter()
    tokenizer = English().tokenizer
    for document in documents:
        tokenizer(document.text)
    rival = time.perf_counter() - started
    one, four = TIMES
    rows = []
    for stage in ("ingest", "apply"):
        growth = seconds[stage, four] / seconds[stage, one]
        rows += [
            Row(f"{stage}: time at {four} times the documents", round(growth, 2), four * 1.1,
                "times", growth <= four * 1.1),
            Row(f"{stage}: time against spaCy's bare tokenizer",
                round(seconds[stage, four] / four / rival, 2), None, "times"),
        ]  # fmt: skip
    write("scale", rows)


if __name__ == "__main__":
    main()
