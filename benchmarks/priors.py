"""Whether frequent concepts are meant more often: `python benchmarks/priors.py`, on the training parts.

Concept F1 of documents, by the independent scorer, of `biolabel normalise` as it is and with `--frequent`,
which prefers, of concepts that a text means equally well and that nothing in its document tells apart, the
one that more of the documents name. Gold gives the mentions where it says so, and is else read by the scorer
only. This is why `--frequent` is off unless asked for.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from frame import ROOT, Row, write
from normalisation import CASES, NORM, Case
from rules import scored

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


if __name__ == "__main__":
    main()
