"""What the catalog has: each entry with its size, and whether its file is there and as described."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from biolabel.data.progress import Progress, silent
from biolabel.errors import KnowledgeError
from biolabel.kb.catalog import Entry, entry, names, place_of, toml_path
from biolabel.kb.named import Named, named

State = Literal["there", "missing", "changed", "unreadable", "broken"]
_STATES: dict[str, State] = {"BL703": "missing", "BL704": "changed"}


@dataclass(frozen=True, slots=True)
class Size:
    """How large a knowledge base is: concepts and their names, or pairs and what states them.

    parts: the subsets of pairs that rules can name; evidence: pieces of it; documents: how many different
    documents are cited.
    """

    concepts: int = 0
    names: int = 0
    pairs: int = 0
    parts: tuple[str, ...] = ()
    evidence: int = 0
    documents: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of the catalog, where its file should lie, and what was found there.

    entry: None if its kb.toml is broken, which then is the place; size: None if it cannot be read, and
    then `problem` says why.
    """

    name: str
    entry: Entry | None
    place: Path
    state: State
    size: Size | None = None
    problem: str = ""


def list_entries(progress: Progress = silent, folder: Path | None = None) -> Iterator[Listed]:
    """Yield all entries of the catalog by name; what cannot be read is no error, but its state."""
    found = names(folder)
    for name in progress(found, name="knowledge bases", total=len(found)):
        try:
            known = entry(name, folder)
        except KnowledgeError as error:
            yield Listed(name, None, toml_path(name, folder), "broken", problem=_said(error))
        else:
            yield listed(known, folder)


def listed(found: Entry, folder: Path | None = None) -> Listed:
    """Return an entry with what its file holds."""
    place = place_of(found.name, found.file, found.where, folder)
    try:
        size = size_of(named(found.name, folder=folder))
        return Listed(found.name, found, place, "there", size)
    except KnowledgeError as error:
        state = _STATES.get(error.code, "unreadable")
        return Listed(found.name, found, place, state, problem=_said(error))


def _said(error: KnowledgeError) -> str:
    return f"error[{error.code}]: {error.message}"


def size_of(found: Named) -> Size:
    """Return how large a knowledge base is.

    Raises:
        KnowledgeError: if it cannot be read.
    """
    if found.kind == "terms":
        texts = found.ontology().names
        return Size(concepts=len(texts), names=sum(map(len, texts.values())))
    pairs = found.pairs()
    counts, cited = pairs.counts[""], pairs.citations[""]
    return Size(
        pairs=len(counts),
        parts=tuple(sorted(part for part in pairs.counts if part)),
        evidence=sum(counts.values()),
        documents=len(set(cited.document.tolist())),
    )
