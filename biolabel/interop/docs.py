"""spaCy documents over the words of a corpus: with votes as spans for skweak, or as extension attributes.

A `Doc` has a token for each word and sign of the corpus and for what stands between them, so that its text
is the document's and offsets hold. skweak reads `doc.spans[RULE]` (skweak/aggregation.py).
"""

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from pydantic import TypeAdapter

from biolabel.data.corpus import Corpus
from biolabel.data.files import replacing_file
from biolabel.data.growth import GROWTH, allowed
from biolabel.data.labels import LabelMatrix, Task
from biolabel.data.votes import TaskVotes, weighed
from biolabel.errors import RunError
from biolabel.interop.matrices import from_snorkel
from biolabel.interop.places import Said, said_in
from biolabel.labelmodel.reasons.contributions import RowReasons

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span
    from spacy.vocab import Vocab

_NAME = "biolabel"
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote as a spaCy document shows it; reasons: of its candidate, where they are known."""

    task: str
    rule: str
    labels: tuple[str, ...]
    candidate: int
    reasons: RowReasons | None = None


_VOTES = TypeAdapter(list[tuple[int, int, Vote]])
"""Votes with their places, start and end in code points, as a document keeps them."""


def doc_of(corpus: Corpus, doc: int, vocab: "Vocab") -> "Doc":
    """Return a document of the corpus as a spaCy one with sentences; `doc.user_data["id"]` is its id."""
    from spacy.tokens import Doc

    text = corpus.texts[doc]
    low, high = (int(corpus.doc_rows[at]) for at in (doc, doc + 1))
    starts, ends = corpus.row_start[low:high].tolist(), corpus.row_end[low:high].tolist()
    words, spaces = _tokens(text, sorted({0, len(text), *starts, *ends}))
    found = Doc(vocab, words=words, spaces=spaces)
    at_start = {int(start) for start in corpus.sentence_start[corpus.sentence_doc == doc]}
    for token in found:
        token.is_sent_start = token.i == 0 or token.idx in at_start
    found.user_data["id"] = corpus.ids[doc]
    return found


def _tokens(text: str, cuts: Sequence[int]) -> tuple[list[str], list[bool]]:
    """Return words and whether a blank follows each, such that together they are the text."""
    words: list[str] = []
    spaces: list[bool] = []
    for low, high in pairwise(cuts):
        piece = text[low:high]
        if piece.startswith(" ") and words and not spaces[-1]:
            spaces[-1], piece = True, piece[1:]
        if not piece:
            continue
        follows = piece.endswith(" ") and len(piece) > 1
        words.append(piece[:-1] if follows else piece)
        spaces.append(follows)
    return words, spaces


def span_of(doc: "Doc", start: int, end: int, label: str = "") -> "Span":
    """Return the tokens at some code points, half-open, of the whole document where both are 0."""
    from spacy.tokens import Span

    if start == end:
        return Span(doc, 0, len(doc), label=label)
    found = doc.char_span(start, end, label=label, alignment_mode="expand")
    return Span(doc, 0, len(doc), label=label) if found is None else found


def skweak_docs(
    votes: TaskVotes, corpus: Corpus, vocab: "Vocab", *, leave_out: bool = False
) -> "Iterator[Doc]":
    """Yield the documents with the votes of a task as skweak keeps them: `doc.spans[RULE]`, labels as such.

    Votes on documents are spans over all tokens, votes on words the spans that the rule found. Every
    rule has a group in every document; votes of drafts are left out.

    Raises:
        RunError: BL967 for a task on pairs, which skweak does not have, and for votes for several labels,
            unless they are left out.
    """
    task = votes.matrix.task
    if task.kind == "relation":
        hint = "snorkel, metal, wrench and parquet hold votes on pairs"
        raise RunError("BL967", f"`{task.name}` is on pairs, and skweak labels spans", hint=hint)
    drafts = {lf.name for lf in votes.matrix.lfs if lf.draft}
    if not leave_out and (bad := _several(weighed(votes.matrix))):
        hint = "leave these votes out (--leave-out), or choose parquet, which holds them"
        message = f"votes for several labels have no place there: {', '.join(bad)}"
        raise RunError("BL967", message, hint=hint)
    for at in range(len(corpus.ids)):
        doc = doc_of(corpus, at, vocab)
        own: dict[str, dict[tuple[int, int, str], None]] = {lf.name: {} for lf in votes.matrix.lfs}
        for said in said_in(votes, corpus, at):
            if len(said.labels) == 1 and said.rule not in drafts:
                own[said.rule][said.start, said.end, said.labels[0]] = None
        for rule, places in own.items():
            doc.spans[rule] = [span_of(doc, *place) for place in places]
        yield doc


def write_docs(path: Path, docs: "Iterable[Doc]") -> None:
    """Write documents as a `DocBin`, which skweak and spaCy read.

    Raises:
        RunError: BL906 when the file cannot be written.
    """
    from spacy.tokens import DocBin

    found = DocBin(attrs=["ORTH", "SPACY", "SENT_START"], store_user_data=True, docs=docs)
    try:
        with replacing_file(path) as temporary:
            temporary.write_bytes(found.to_bytes())
    except OSError as error:
        raise RunError("BL906", f"cannot write {path}: {error.strerror}") from error


def read_docs(path: Path, vocab: "Vocab") -> "list[Doc]":
    """Read the words and spans of a `DocBin`; its user data, which may be anything, is left unread.

    Raises:
        RunError: BL968 for a file that cannot be read, is none, or unpacks to far more than its size.
    """
    from spacy.tokens import DocBin

    try:
        _check_growth(path)
        found = DocBin().from_bytes(path.read_bytes())
        found.user_data = [None] * len(found)
        return list(found.get_docs(vocab))
    except OSError as error:
        raise RunError("BL968", f"cannot read {path}: {error.strerror}") from error
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError, zlib.error) as error:
        hint = "skweak.utils.docbin_writer writes one, and DocBin.to_disk of spaCy"
        raise RunError("BL968", f"{path} is no DocBin: {error}", hint=hint) from error


def _check_growth(path: Path) -> None:
    """Refuse a file that unpacks to far more than its size.

    Raises:
        RunError: BL968 if it does.
    """
    left, unpacker, data = allowed(path), zlib.decompressobj(), path.read_bytes()
    while data and not unpacker.eof:
        left -= len(unpacker.decompress(data, _BLOCK))
        data = unpacker.unconsumed_tail
        if left < 0:
            raise RunError("BL968", f"{path} holds more than {GROWTH} times its size")


def from_skweak(docs: "Sequence[Doc]", task: Task, rules: Sequence[str]) -> LabelMatrix:
    """Return skweak's spans as votes on the tokens of all documents, or on the documents of a document task.

    rules: the groups that are labeling functions; aggregated ones are models, not rules.

    Raises:
        RunError: BL968 for a label that the task does not have.
    """
    words = task.kind == "entity"
    before = np.cumsum([0, *(len(doc) for doc in docs)])
    n = int(before[-1]) if words else len(docs)
    dense = np.full((n, len(rules)), -1, dtype=np.int64)
    for at, doc in enumerate(docs):
        for lf, rule in enumerate(rules):
            for span in doc.spans.get(rule, ()):
                if span.label_ not in task.labels:
                    hint = f"there are: {', '.join(task.labels)}"
                    raise RunError("BL968", f"{task.name} has no label {span.label_}", hint=hint)
                some = slice(before[at] + span.start, before[at] + span.end) if words else at
                dense[some, lf] = task.labels.index(span.label_)
    return from_snorkel(dense, task, rules)


def register_extensions() -> None:
    """Give spaCy documents, spans and tokens the attribute `biolabel_votes`, once; nothing else does so.

    `doc._.biolabel_votes` has every vote, `span._.` and `token._.` those whose evidence they touch.
    """
    from spacy.tokens import Doc, Span, Token

    if Doc.has_extension(f"{_NAME}_votes"):
        return
    Doc.set_extension(f"{_NAME}_votes", getter=lambda doc: tuple(v for _, _, v in _kept(doc)))
    Span.set_extension(
        f"{_NAME}_votes", getter=lambda span: _touching(span.doc, span.start_char, span.end_char)
    )
    Token.set_extension(
        f"{_NAME}_votes",
        getter=lambda token: _touching(token.doc, token.idx, token.idx + len(token.text)),
    )


def add_votes(
    doc: "Doc", task: str, said: Iterable[Said], reasons: Mapping[int, RowReasons] | None = None
) -> None:
    """Add votes to a document: to `biolabel_votes`, and as spans to `doc.spans["biolabel:TASK"]`.

    reasons: by candidate. Of the spans, `label_` is the labels of the vote and `id_` its rule.
    """
    from spacy.tokens import Span

    register_extensions()
    why = reasons or {}
    kept = [
        (s.start, s.end, Vote(task, s.rule, s.labels, s.candidate, why.get(s.candidate)))
        for s in said
    ]
    # Plain values, so that the document can be stored as any other.
    doc.user_data[_NAME] = _VOTES.dump_python([*_kept(doc), *kept], mode="json")
    spans = dict.fromkeys((start, end, " or ".join(v.labels), v.rule) for start, end, v in kept)
    made = []
    for start, end, label, rule in spans:
        place = span_of(doc, start, end)
        made.append(Span(doc, place.start, place.end, label=label, span_id=rule))
    doc.spans[f"{_NAME}:{task}"] = made


def _kept(doc: "Doc") -> list[tuple[int, int, Vote]]:
    return _VOTES.validate_python(doc.user_data.get(_NAME, []))


def _touching(doc: "Doc", low: int, high: int) -> tuple[Vote, ...]:
    return tuple(vote for start, end, vote in _kept(doc) if start < high and low < end)


def _several(matrix: LabelMatrix) -> list[str]:
    """Return the rules with votes for several labels."""
    several = [int(mask).bit_count() > 1 for mask in matrix.mask.tolist()]
    return [matrix.lfs[lf].name for lf in np.unique(matrix.lf[several])]
