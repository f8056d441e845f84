"""How fast transformations are, and verification with them, on the training part of BC5CDR.

`python benchmarks/augment.py` needs BIOLABEL_DATA. Soft labels come from the rules of tasks/cdr; each
transformation runs at its default rate. CPU time of one core, the best of some rounds. The rival swaps
synonyms in plain Python as one would first write it: span by span from the end of the text, every later
offset moved one by one. It checks nothing: names may grow together with their neighbors.
"""

import re
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
from frame import Row, write

from biolabel.augment.choice import NAMES
from biolabel.augment.names import cased
from biolabel.augment.transformations import Transformation, transformations
from biolabel.augment.verify import ground, verify
from biolabel.augment.version import Version, versions_of
from biolabel.data.words import SOFT
from biolabel.labelmodel.params import LabelModelParams
from biolabel.resources import root
from biolabel.workflow.augment import looking, reader, soft_documents, task_material
from biolabel.workflow.bench import Bench
from biolabel.workflow.fit import fit, open_fitted
from biolabel.workflow.job import Job, Which
from biolabel.workflow.settings import load_task

ROUNDS = 5
_Word = list[Any]
"""Start, end, probabilities and weight of a word."""
_ROW = re.compile(r"\d+(?:[.,]\d+)+|\w+|[^\w\s]")
TARGET = 1000
"""Documents a second and core without verification (issue 7)."""


def main() -> None:
    """Time everything once the soft labels are there."""
    with tempfile.TemporaryDirectory() as folder:
        bench = _bench(Path(folder))
        params = open_fitted(fit(bench)).model
        versions = versions_of(bench.corpus("corpus"), soft_documents(bench))
        found = task_material(bench)
        known = transformations(found)
        rows = [_row(name, known[name], versions) for name in NAMES]
        names = found.peers.names
        ours = rows[NAMES.index("synonyms")].value
        rival = _speed(lambda v, g: _plain_swap(v, names.get, 0.5, g), versions)
        rows.append(Row("rival: synonym swap in plain Python", rival, unit="docs/s"))
        rows.append(Row("synonyms against the rival", ours / rival, unit="x"))
        rows.append(_verification(bench, params, known["entities"], versions))
    write("augment", rows)


def _bench(workspace: Path) -> Bench:
    task = load_task(root("tasks") / "cdr")
    corpus = task.documents("corpus")
    if corpus is None:
        raise SystemExit("tasks/cdr names no corpus")
    files: dict[Which, Path] = {"corpus": corpus}
    return Bench(Job(task, workspace, files))


def _row(name: str, one: Transformation, versions: Sequence[Version]) -> Row:
    speed = _speed(one, versions)
    changed = np.mean([one(v, np.random.default_rng(0)) is not v for v in versions])
    label = f"{name}, {changed:.0%} of documents changed"
    return Row(label, speed, TARGET, "docs/s", speed >= TARGET)


def _speed(
    change: Callable[[Version, np.random.Generator], object], versions: Sequence[Version]
) -> float:
    """Return documents a second of CPU time, the best of some rounds."""
    best = np.inf
    for _ in range(ROUNDS):
        generator = np.random.default_rng(0)
        started = process_time()
        for version in versions:
            change(version, generator)
        best = min(best, process_time() - started)
    return len(versions) / best


def _verification(
    bench: Bench, params: LabelModelParams, one: Transformation, versions: Sequence[Version]
) -> Row:
    checked = ground(versions, reader(bench, params, []), looking(bench.plan))
    generator = np.random.default_rng(0)
    changed = [one(version, generator) for version in versions]
    places = [i for i, version in enumerate(changed) if version.made]
    started = process_time()
    verify(checked, places, [changed[i] for i in places], ["text"] * len(places))
    speed = len(places) / (process_time() - started)
    return Row("verification by all rules and the label model", speed, unit="docs/s")


def _plain_swap(
    version: Version,
    names: Callable[[str], Sequence[str] | None],
    rate: float,
    generator: np.random.Generator,
) -> tuple[str, list[list[int]], list[_Word]]:
    """Return text, mentions and words with their labels after a synonym swap, offset by offset."""
    document = version.document
    text = document.text
    spans = [[mention.start, mention.end] for mention in document.mentions]
    others = [
        *([p.offset, p.offset + len(p.text)] for p in version.passages),
        *([start, start] for start in version.sentences.tolist()),
        *(entry[at : at + 2] for entry in version.abbreviations.tolist() for at in (0, 2)),
    ]
    labels = document.entities["mentions"]
    words: list[_Word] = [
        [start, end, row, weight]
        for (start, end), row, weight in zip(
            document.words.tolist(),
            labels.probabilities.tolist(),
            labels.weight.tolist(),
            strict=True,
        )
    ]
    chosen = {c for m in document.mentions for c in m.concepts if generator.random() < rate}
    for mention, span in sorted(
        zip(document.mentions, spans, strict=True), key=lambda pair: -pair[0].start
    ):
        known = [names(concept) for concept in mention.concepts if concept in chosen]
        if not known or not known[0]:
            continue
        start, end = span
        new = cased(known[0][int(generator.integers(len(known[0])))], text[start:end])
        old = [word for word in words if start <= word[0] < end]
        if not old:
            continue
        total = sum(word[3] for word in old) or 1.0
        mean = [sum(word[2][k] * word[3] for word in old) / total for k in range(len(old[0][2]))]
        fresh: list[_Word] = [
            [start + match.start(), start + match.end(), mean, total / len(old)]
            for match in _ROW.finditer(new)
            if match[0] not in SOFT
        ]
        at, grown = words.index(old[0]), len(new) - (end - start)
        words[at : at + len(old)] = fresh
        text = text[:start] + new + text[end:]
        for place in (*spans, *others, *words[at + len(fresh) :]):
            place[0] += grown if place[0] >= end else 0
            place[1] += grown if place[1] >= end else 0
    return text, spans, words


if __name__ == "__main__":
    main()
