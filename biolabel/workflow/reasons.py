"""Why the candidates of a document have their soft labels: what each rule adds to them."""

from dataclasses import dataclass

import numpy as np

from biolabel.data.corpus import Corpus
from biolabel.data.documents import Mention
from biolabel.data.votes import TaskVotes
from biolabel.data.words import key_of
from biolabel.errors import RunError
from biolabel.labelmodel.reasons.contributions import RowReasons, row_reasons
from biolabel.lang.nearest import did_you_mean
from biolabel.workflow.applied import Applied
from biolabel.workflow.apply import apply, open_applied
from biolabel.workflow.bench import Bench
from biolabel.workflow.fit import fit, open_fitted, soft_labels
from biolabel.workflow.job import Which


@dataclass(frozen=True, slots=True)
class Labeled:
    """A candidate of a document, its soft labels under all constraints, and why it has them.

    about: what the candidate is, one text an argument; probabilities: of each label of the task;
    reasons: of the likeliest label, from the votes on this candidate alone.
    """

    task: str
    about: tuple[str, ...]
    probabilities: tuple[tuple[str, float], ...]
    reasons: RowReasons


def document_reasons(
    bench: Bench, task: str, id_: str, wanted: tuple[str, ...] = ()
) -> tuple[Labeled, ...]:
    """Return why the candidates of a task in a document have their soft labels, the likeliest first.

    Only candidates with votes have reasons. wanted: concept ids or texts that they must have among
    their arguments, none for all.

    Raises:
        RunError: BL922 no such task; BL923 no such document, or no such candidate in it.
    """
    names = [plan.task.name for plan in bench.plan.tasks]
    if task not in names:
        raise RunError("BL922", f"there is no task {task}", hint=did_you_mean(task, names))
    which, doc = place_of(bench, id_)
    found = open_applied(apply(bench, which))
    params = open_fitted(fit(bench)).model
    soft = soft_labels(bench, params, found.votes, which, found.mentions)[task]
    votes, labels = found.votes[task], soft.task.labels
    own = np.flatnonzero((votes.documents == doc) & soft.covered)
    none = labels.index("none") if "none" in labels else None
    sure = soft.probabilities[own].copy()
    if none is not None:
        sure[:, none] = 0
    own = own[np.argsort(-sure.max(axis=1, initial=0), kind="stable")]
    told = _candidates(bench.corpus(which), doc, found, votes, own.tolist())
    kept = [at for at in own.tolist() if _has(told[at], wanted)]
    if wanted and not kept:
        said = f"{task} has no candidate with votes in {id_} that has {' and '.join(wanted)}"
        known = dict.fromkeys(text for about in told.values() for text in about)
        raise RunError("BL923", said, hint=f"there are: {', '.join(list(known)[:9])}")
    likeliest = soft.probabilities[kept].argmax(axis=1).tolist() if kept else []
    reasons = row_reasons(params, votes.matrix, kept, likeliest)
    return tuple(
        Labeled(
            task,
            told[at],
            tuple(zip(labels, soft.probabilities[at].astype(float).tolist(), strict=True)),
            why,
        )
        for at, why in zip(kept, reasons, strict=True)
    )


def place_of(bench: Bench, id_: str) -> tuple[Which, int]:
    """Return the part of the job where a document is, and its index there.

    Raises:
        RunError: BL923 no such document.
    """
    known: list[str] = []
    for which in bench.job.parts():
        ids = bench.corpus(which).ids
        if id_ in ids:
            return which, ids.index(id_)
        known += ids
    raise RunError("BL923", f"there is no document {id_}", hint=did_you_mean(id_, known))


def _candidates(
    corpus: Corpus, doc: int, found: Applied, votes: TaskVotes, own: list[int]
) -> dict[int, tuple[str, ...]]:
    """Return what each candidate is."""
    kind = votes.matrix.task.kind
    if kind == "relation":
        called = _called(corpus, doc, found)
        columns = (votes.subjects, votes.objects, *votes.others)
        return {at: tuple(called.get(c[at], c[at]) for c in columns) for at in own}
    if kind == "document" and votes.of_documents():
        return dict.fromkeys(own, (corpus.ids[doc],))
    return {at: (_text(corpus, doc, *_rows(votes, at)),) for at in own}


def _called(corpus: Corpus, doc: int, found: Applied) -> dict[str, str]:
    """Return how the document writes each concept, and each mention by its key, at first."""
    table = found.mentions
    text = corpus.texts[doc]
    called: dict[str, str] = {}
    for at in np.flatnonzero(table.doc == doc).tolist():
        start, end = int(table.start[at]), int(table.end[at])
        concepts = table.concepts[at]
        mention = Mention(start, end, table.types[table.type[at]], concepts, "own")
        for name in mention.names:
            called.setdefault(
                name, f"{text[start:end]} ({name})" if name in concepts else text[start:end]
            )
    return called


def _rows(votes: TaskVotes, candidate: int) -> tuple[int, int]:
    """Return the rows of a span, a word, or what a vote on a sentence points to."""
    kind = votes.matrix.task.kind
    if votes.spans is not None:
        first, end = votes.spans[candidate].tolist()
    elif kind == "entity":
        first, end = candidate, candidate + 1
    else:
        first, end = votes.evidence[int(votes.matrix.candidate.searchsorted(candidate))].tolist()
    return first, end


def _text(corpus: Corpus, doc: int, first: int, end: int) -> str:
    return corpus.texts[doc][corpus.row_start[first] : corpus.row_end[end - 1]]


def _has(about: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    """Tell whether each wanted text or concept id stands in an argument."""
    arguments = [key_of(text) for text in about]
    return all(any(key_of(each) in one for one in arguments) for each in wanted)
