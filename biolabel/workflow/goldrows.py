"""Gold rows of curators as labels of a job's candidates, which the label model learns from."""

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from biolabel.curation.gold import GoldRow, gold_of, read_gold
from biolabel.data.corpus import Corpus
from biolabel.data.mentions import MentionTable
from biolabel.data.words import key_of
from biolabel.errors import RunError
from biolabel.workflow.applied import Applied

Ints = NDArray[np.int64]


def known_labels(path: Path, applied: Applied, corpus: Corpus) -> dict[str, Ints]:
    """Return the label of each candidate of the tasks that a file of gold rows knows any of.

    int64[n] each, -1 where it is not known. Rows about documents or pairs that the corpus does not
    have label nothing: they may be of another run.

    Raises:
        RunError: BL987 for a file that is none, and for tasks and labels that the rules do not have;
            CorpusError: BL601 when it cannot be read.
    """
    rows = read_gold(path)
    relations = {
        name: votes
        for name, votes in applied.votes.items()
        if votes.matrix.task.kind == "relation" and votes.matrix.task.exclusive
    }
    _check_tasks(path, rows, list(relations))
    called = argument_namer(applied.mentions, corpus)
    found = {name: gold_of(rows, votes, corpus.ids, called) for name, votes in relations.items()}
    return {name: gold for name, gold in found.items() if (gold >= 0).any()}


def argument_namer(mentions: MentionTable, corpus: Corpus) -> Callable[[int, str], str]:
    """Return what says how assertions call an argument, a CURIE or mention key, of a document.

    A mention is called by its concept if it has just one, else by its folded text.
    """
    names: dict[tuple[int, str], str] = {}
    columns = zip(mentions.doc.tolist(), mentions.keys(), mentions.concepts, strict=True)
    for i, (doc, key, concepts) in enumerate(columns):
        text = corpus.texts[doc][int(mentions.start[i]) : int(mentions.end[i])]
        names[doc, key] = concepts[0] if len(concepts) == 1 else key_of(text)
    return lambda doc, argument: names.get((doc, argument), argument)


def _check_tasks(path: Path, rows: Sequence[GoldRow], known: Sequence[str]) -> None:
    unknown = sorted({row.task for row in rows} - set(known))
    if unknown:
        near = get_close_matches(unknown[0], known, n=1)
        there = f"there are: {', '.join(known) or 'none'}"
        raise RunError(
            "BL987",
            f"{path} has rows of `{unknown[0]}`, which is no relation task with one label a pair",
            hint=f"did you mean `{near[0]}`?" if near else there,
        )


def how_many(known: Mapping[str, Ints]) -> dict[str, int]:
    """Return how many candidates of each task have a known label."""
    return {name: int(np.count_nonzero(gold >= 0)) for name, gold in known.items()}
