"""Whether frequent concepts are meant more often: `python benchmarks/priors.py`, on the training parts.

Concept F1 of documents, by the independent scorer, of `biolabel normalise` as it is and with `--frequent`,
which prefers, of concepts that a text means equally well and that nothing in its document tells apart, the
one that more of the documents name; and of how many given mentions there are several such concepts, one of
them that of gold, and how often the first one is. Gold gives the mentions where it says so, and is else read
to score only. This is why `--frequent` is off unless asked for.
"""

import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from frame import ROOT, Row, write
from normalisation import CASES, NORM, Case
from rules import scored

from biolabel.data.documents import Document
from biolabel.text.formats import pubtator
from biolabel.text.formats.known import read_documents
from biolabel.text.rejects import Rejects
from biolabel.text.types import with_types
from biolabel.workflow.corpora import Sources
from biolabel.workflow.normalise.run import Wanted, normalise
from biolabel.workflow.normalise.vocabulary import named_vocabulary, vocabulary_of_rules
from biolabel.workflow.settings import load_task


def main() -> None:
    """Score both tasks, write a file of results."""
    write("priors", [row for case in CASES for row in rows(case)])


def rows(case: Case) -> Iterator[Row]:
    """Yield concept F1 on the training part of one task, and what the frequency adds to it."""
    task = load_task(ROOT / "tasks" / case.task)
    path = task.documents("corpus")
    if path is None:
        raise SystemExit(f"tasks/{case.task} names no documents")
    documents = {each.id: each for each in read_documents(path, Rejects())}
    with tempfile.TemporaryDirectory() as place:
        gold, out = Path(place) / "gold.pubtator", Path(place) / "out.pubtator"
        pubtator.write(gold, with_types(documents.values(), task.task.types))
        for title, vocabulary in (
            ("catalog", named_vocabulary(case.vocabulary)),
            ("ontologies of the task", vocabulary_of_rules([task.folder])),
        ):
            for mentions, find in (("given mentions", False), ("look-up alone", True)):
                for frequent in (False, True):
                    normalise(Sources([gold]), vocabulary, out, Wanted((), find, frequent))
                    name = f"{case.task}: {mentions}, {title}{', --frequent' * frequent}"
                    yield Row(name, scored(NORM, gold, out), None, "F1", None)
            equals = []
            for frequent in (False, True):
                lines = Path(place) / "out.jsonl"
                normalise(Sources([gold]), vocabulary, lines, Wanted(frequent=frequent))
                equals.append(_equals(lines, documents))
            for name, value in (
                ("", equals[0]["all"]),
                (", first by the order of the source", equals[0]["first"]),
                (", first by --frequent", equals[1]["first"]),
            ):
                yield Row(f"{case.task}: equal concepts, one of gold, {title}{name}", value)


def _equals(lines: Path, documents: Mapping[str, Document]) -> Counter[str]:
    """Return for how many mentions several concepts are equal, one that of gold, and is first."""
    gold = {
        (each.id, mention.start, mention.end): mention.concepts
        for each in documents.values()
        for mention in each.mentions
    }
    found: Counter[str] = Counter()
    for line in lines.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        meant = gold[row["document"], row["start"], row["end"]]
        for reading in row["readings"]:
            ranked = [each["concept"] for each in _best(reading["ranked"])]
            if len(ranked) > 1 and not set(meant).isdisjoint(ranked):
                found["all"] += 1
                found["first"] += ranked[0] in meant
    return found


def _best(ranked: Sequence[Mapping[str, object]]) -> list[Mapping[str, object]]:
    """Return the concepts that a text means as well as the first, for the same reasons."""
    return [e for e in ranked if (e["score"], e["why"]) == (ranked[0]["score"], ranked[0]["why"])]


if __name__ == "__main__":
    main()
