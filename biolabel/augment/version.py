"""A document as transformations change it: its labels, and what rules need to read it again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from biolabel.data.corpus import Corpus, corpus_from
from biolabel.data.documents import Document, Passage
from biolabel.data.training import LabeledDocument
from biolabel.text.build import Abbreviation, Annotation, content_hash_of, hashes_of, tables_of
from biolabel.text.documents import corpus_documents

Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Version:
    """A soft-labeled document, as it was or changed, with all that hangs on its offsets.

    passages: those of the text, with their kinds and headings. sentences: int32[s], where sentences
    start. abbreviations: int32[a, 4], each occurrence of a short form and the definition of its long
    form: start and end of both in code points. origin: int32[w], for each row the row of the untouched
    document, -1 for a row of new text. made: the transformations that changed something, in order.
    meta: metadata of the document, which rules may ask for.
    """

    document: LabeledDocument
    passages: tuple[Passage, ...]
    sentences: Ints
    abbreviations: Ints
    origin: Ints
    made: tuple[str, ...] = ()
    meta: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def untouched(
    document: LabeledDocument,
    passages: Sequence[Passage] = (),
    sentences: Sequence[int] = (),
    abbreviations: Sequence[tuple[int, int, int, int]] = (),
) -> Version:
    """Return a document before any change; without passages its text is one passage."""
    return Version(
        document,
        tuple(passages) or (Passage("", 0, document.text),),
        np.array(sentences, dtype=np.int32),
        np.array(abbreviations, dtype=np.int32).reshape(-1, 4),
        np.arange(len(document.words), dtype=np.int32),
    )


def versions_of(corpus: Corpus, documents: Sequence[LabeledDocument]) -> list[Version]:
    """Return the documents of a corpus before any change; documents: all of them, in its order."""
    columns = (corpus.short_start, corpus.short_end, corpus.long_start, corpus.long_end)
    short = np.stack(columns, axis=1)
    first = np.searchsorted(corpus.abbreviation_doc, np.arange(len(documents) + 1))
    found = []
    for doc, (labeled, given) in enumerate(zip(documents, corpus_documents(corpus), strict=True)):
        sentences = slice(*corpus.doc_sentences[doc : doc + 2].tolist())
        found.append(
            Version(
                labeled,
                given.passages,
                np.array(corpus.sentence_start[sentences]),
                short[first[doc] : first[doc + 1]],
                np.arange(len(labeled.words), dtype=np.int32),
                meta=given.meta,
            )
        )
    return found


def corpus_of(versions: Sequence[Version]) -> Corpus:
    """Return versions as a corpus that rules can read: its given mentions are those of the versions.

    Sentences and abbreviations are those of the untouched texts, wherever they stand now: to look for
    them again would take longer than all the rest. Several versions of one document may be there.
    """
    tables = tables_of((_document(each), _annotation(each)) for each in versions)
    return corpus_from(tables, content_hash_of(hashes_of(tables)))


def _document(version: Version) -> Document:
    labeled = version.document
    mentions = tuple(replace(mention, parts=()) for mention in labeled.mentions)
    return Document(labeled.id, version.passages, mentions, meta=version.meta)


def _annotation(version: Version) -> Annotation:
    entries = tuple(Abbreviation(*entry) for entry in version.abbreviations.tolist())
    return Annotation(tuple(version.sentences.tolist()), entries)
