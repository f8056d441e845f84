"""From documents with or without mentions to the ranked concepts of each mention."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

from biolabel.apply.knowledge import Knowledge
from biolabel.apply.norm.find import dictionary_mentions
from biolabel.apply.norm.normalize import ANY, named_in, normalize
from biolabel.apply.norm.search import LIKELY
from biolabel.data.concepts import Readings, best_of
from biolabel.data.corpus import Corpus, corpus_from
from biolabel.data.documents import Document, Mention
from biolabel.data.executor import Processes
from biolabel.data.mentions import MentionTable, document_mentions, given_mentions, without_types
from biolabel.data.progress import Progress, silent
from biolabel.errors import CorpusError
from biolabel.text.build import checked, content_hash_of, hashes_of, tables_of
from biolabel.text.pipeline import Pipeline, annotation_stream, kept_annotations
from biolabel.text.rejects import Rejects, rejects_path, write_rejects
from biolabel.text.types import with_types
from biolabel.workflow.corpora import Sources
from biolabel.workflow.ingest import total_of
from biolabel.workflow.normalise.vocabulary import FOUND, Vocabulary
from biolabel.workflow.normalise.written import writer_of

_BATCH = 500
"""Documents that are normalized together; what a mention means depends on its own document only."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which mentions are normalized, and how.

    types: only these, all where there are none; find: look for names instead of taking given mentions;
    frequent: of concepts that nothing tells apart, prefer the one that more of the documents name, which
    reads them twice; fuzzy: find misspelt names and those without a prefix too (`Vocabulary.knowledge`).
    """

    types: tuple[str, ...] = ()
    find: bool = False
    frequent: bool = False
    fuzzy: bool = False


@dataclass(slots=True)
class Normalised:
    """What was done: how much, in which ways first concepts were found, and what could not be used.

    linked: mentions with a concept of at least `search.LIKELY`; ways: by the reasons of the first concept;
    left: given mentions of each type that is not normalized.
    """

    documents: int = 0
    mentions: int = 0
    linked: int = 0
    ways: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    rejects: Rejects = field(default_factory=Rejects)


def normalise(
    sources: Sources,
    vocabulary: Vocabulary,
    out: Path,
    wanted: Wanted | None = None,
    progress: Progress = silent,
    workers: int = 1,
) -> Normalised:
    """Write the ranked concepts of the mentions of documents, in the format that the name of `out` tells.

    What was rejected stands in `OUT.rejects.tsv`, which is removed if nothing was.

    Raises:
        CorpusError: BL635 for a name that tells no format, BL741 if there is no mention to normalize; else as
            reading, processing and writing do. Nothing is written then.
    """
    write = writer_of(out)
    done = Normalised()
    each = _normalised(sources, vocabulary, wanted or Wanted(), done, progress, workers)
    write(out, each)
    beside = rejects_path(out)
    if done.rejects.rows:
        write_rejects(beside, done.rejects)
    else:
        beside.unlink(missing_ok=True)
    return done


def _normalised(
    sources: Sources,
    vocabulary: Vocabulary,
    wanted: Wanted,
    done: Normalised,
    progress: Progress,
    workers: int,
) -> Iterator[tuple[Document, list[tuple[Mention, Readings]]]]:
    books = vocabulary.books()

    def batches(into: Normalised) -> Iterator[_Batch]:
        return _batches(sources, vocabulary, books, wanted, into, progress, workers)

    often: Counter[str] = Counter()
    for _, corpus, mentions in batches(Normalised()) if wanted.frequent else ():
        often.update(named_in(mentions, normalize(corpus, mentions, books)))
    for batch, corpus, mentions in batches(done):
        readings = iter(normalize(corpus, mentions, books, often))
        for document, own in zip(
            batch, document_mentions(mentions, len(batch), "vocabulary"), strict=True
        ):
            pairs = [(mention, next(readings)) for mention in own]
            _count(done, pairs)
            yield (replace(document, mentions=(), relations=()) if wanted.find else document), pairs
    if not done.mentions:
        raise _nothing(wanted, done.left)


_Batch = tuple[Sequence[Document], Corpus, MentionTable]
"""Documents, the same as a corpus, and their mentions to normalize."""


def _batches(
    sources: Sources,
    vocabulary: Vocabulary,
    books: Collection[str],
    wanted: Wanted,
    done: Normalised,
    progress: Progress,
    workers: int,
) -> Iterator[_Batch]:
    """Yield all documents; what is rejected or left stands in `done`."""
    pipeline = Pipeline()
    stream = annotation_stream(pipeline, Processes(workers), kept_annotations(pipeline))
    total = total_of(lambda: sources.documents(Rejects()), pipeline, progress)
    found = with_types(sources.documents(done.rejects), vocabulary.types)
    documents = progress(checked(found), name="normalizing", total=total)
    annotated = stream(documents)
    type_ = wanted.types[0] if len(wanted.types) == 1 else FOUND
    knowledge = vocabulary.knowledge(type_, fuzzy=wanted.fuzzy)
    while batch := list(islice(annotated, _BATCH)):
        tables = tables_of(batch)
        corpus = corpus_from(tables, content_hash_of(hashes_of(tables)))
        corpus, mentions = _mentions(corpus, knowledge if wanted.find else None)
        others = [name for name in mentions.types if not _is_wanted(name, wanted.types, books)]
        done.left.update(
            mentions.types[number] for number in mentions.type.tolist()
            if mentions.types[number] in others
        )  # fmt: skip
        yield [document for document, _ in batch], corpus, without_types(mentions, others)


def _mentions(corpus: Corpus, knowledge: Knowledge | None) -> tuple[Corpus, MentionTable]:
    """Return given mentions, or those that knowledge finds, and the corpus with their short forms."""
    if knowledge is None:
        return corpus, given_mentions(corpus)
    found = dictionary_mentions(corpus, knowledge)
    return found.corpus, found.mentions


def _is_wanted(name: str, types: Collection[str], books: Collection[str]) -> bool:
    return (name in books or ANY in books) and (not types or name in types)


def _count(done: Normalised, pairs: Iterable[tuple[Mention, Readings]]) -> None:
    done.documents += 1
    for _, readings in pairs:
        done.mentions += 1
        done.linked += bool(best_of(readings, LIKELY))
        done.ways.update(
            ", ".join(reading.ranked[0].why) if reading.ranked else "" for reading in readings
        )


def _nothing(wanted: Wanted, left: Counter[str]) -> CorpusError:
    if wanted.find:
        return CorpusError("BL741", "no name of the ontologies stands in the documents")
    if not left:
        message = "the documents have no mentions"
        return CorpusError("BL741", message, hint="--find looks for the names of the ontologies")
    types = ", ".join(f"{name} ({number:,})" for name, number in left.most_common())
    near = get_close_matches(wanted.types[0], left, n=1) if wanted.types else []
    hint = (
        f"did you mean {near[0]}?" if near else "`--ontology TYPE=NAME` says whose names they are"
    )
    return CorpusError("BL741", f"no mention is of a type to normalize, only {types}", hint=hint)
