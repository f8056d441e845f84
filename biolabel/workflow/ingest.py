"""Stage: documents to a corpus store, once a file and pipeline."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from biolabel.data.documents import Document
from biolabel.data.progress import Progress, silent
from biolabel.text import store
from biolabel.text.formats.known import files_of, read_documents, source_of
from biolabel.text.pipeline import Pipeline, annotation_stream, kept_annotations
from biolabel.text.rejects import Rejects, at_least_one, write_rejects
from biolabel.text.store_files import check_files, read_index
from biolabel.text.store_format import FORMAT as STORE
from biolabel.text.store_format import is_store
from biolabel.text.trained import version_of
from biolabel.text.types import with_prefixes, with_types
from biolabel.workflow.cache import StageNote, file_hash
from biolabel.workflow.job import Job, Which


def ingest(
    job: Job, which: Which, pipeline: Pipeline, prefixes: Mapping[str, str] | None = None
) -> StageNote:
    """Read and process the documents of a job; what could not be used is in `rejects.tsv`.

    A store that was processed in the same way is taken over as it is; the texts of others are
    processed again (`counts_of` says why) into shards of the same size. prefixes: of numbers that are
    identifiers of mentions of a type (`with_prefixes`).

    Raises:
        CorpusError: as `source_of` for a path that is no corpus; BL664 for a store with a damaged file;
            else as reading, processing and writing do.
    """
    path = job.files[which]
    rejects = Rejects()
    types = job.task.task.types
    settings = job.task.task.documents
    known = source_of(path, "" if is_store(path) else settings.format).format
    columns = settings.columns if known.columns else {}
    found = read_documents(path, rejects, known.name, columns)
    typed = with_prefixes(with_types(found, types), prefixes or {})
    documents = at_least_one(typed, rejects)
    inputs = {
        "files": {_name(file, path): file_hash(file) for file in files_of(path, known.name)},
        "format": known.name,
        "columns": columns,
        "types": types,
        **({"prefixes": dict(prefixes)} if prefixes else {}),
        "pipeline": repr(pipeline),
        "trained": {name: version_of(name) for name in sorted(pipeline.trained())},
    }

    def again() -> Iterable[Document]:
        return read_documents(path, Rejects(), known.name, columns)

    def made(place: Path) -> tuple[store.Store, list[str]]:
        size = store.SHARD_DOCUMENTS
        differs: list[str] = []
        if known is STORE:
            given = store.open_store(path)
            check_files(path, read_index(path))
            size = given.shard_documents
            differs = [
                *_differing(given.pipeline, pipeline),
                *(["types"] if types or prefixes else []),
            ]
            if not differs:
                return store.take_over(path, place), differs
        stream = annotation_stream(pipeline, job.executor, kept_annotations(pipeline))
        total = total_of(again, pipeline, job.progress)
        written = store.write(place, documents, pipeline, job.progress, total, stream, size)
        job.dismiss()
        return written, differs

    def make(folder: Path) -> None:
        opened, differs = made(folder / "corpus")
        write_rejects(folder / "rejects.tsv", rejects)
        counts: dict[str, object] = {"documents": len(opened.ids), "rejected": rejects.counts()}
        counts |= {"again": differs} if differs else {}
        (folder / "counts.json").write_text(json.dumps(counts), encoding="utf-8")

    return job.stage("ingest", inputs, make)


def total_of(
    read: Callable[[], Iterable[Document]], pipeline: Pipeline, progress: Progress
) -> int | None:
    """Return how many documents there are, so that a progress can tell the time left.

    They are counted only where spaCy takes some hundred times as long as reading, and somebody
    looks; else it is not known.
    """
    if progress is silent or not pipeline.loads_spacy():
        return None
    return sum(1 for _ in read())


def _differing(had: Pipeline, wanted: Pipeline) -> Iterator[str]:
    """Yield in what one way of processing lacks what another asks for; a tagger more is no lack."""
    asked = asdict(wanted)
    for name, value in asdict(had).items():
        if value != asked[name] and (asked[name] or name not in ("tagger", "parser")):
            yield name


def _name(file: Path, path: Path) -> str:
    """Return what a file is called within a corpus, whose folders may repeat names."""
    inside = file != path and file.is_relative_to(path)
    return file.relative_to(path).as_posix() if inside else file.name


def open_ingested(note: StageNote) -> store.Store:
    """Return the corpus store of an ingest stage."""
    return store.open_store(note.folder / "corpus")


def counts_of(note: StageNote) -> Mapping[str, object]:
    """Return how many documents an ingest stage kept and how many things of each kind it lost.

    `again` stands there where the texts of a store were processed again, with what differed.
    """
    counts: Mapping[str, object] = json.loads((note.folder / "counts.json").read_text("utf-8"))
    return counts


def pipeline_of(settings: Mapping[str, tuple[str, ...]]) -> Pipeline:
    """Return the text processing that the `pipeline` declaration of the rule files asks for."""

    def named(field: str) -> str:
        words = settings.get(field, ("scispacy",))
        return words[-1]

    def trained(field: str) -> str:
        words = settings.get(field, ("off",))
        return "" if words == ("off",) else words[-1]

    return Pipeline(
        tokens=named("tokens"),
        sentences=named("sentences"),
        abbreviations=settings.get("abbreviations", ("on",))[0] != "off",
        sections=settings.get("sections", ("given",))[-1],
        tagger=trained("tagger"),
        parser=trained("parser"),
    )
