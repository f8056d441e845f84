"""The catalog of knowledge bases: one folder with a kb.toml a source, checked against its table."""

import hashlib
import tomllib
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from biolabel.errors import KnowledgeError
from biolabel.resources import data_root, root

Where = Literal["package", "data"]
Kind = Literal["terms", "pairs"]
Format = Literal["table", "mesh", "obo", "owl", "hgnc", "ctd", "sssom"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Columns(_Strict):
    """Our name of each column to the table's own name."""

    id: str = ""
    name: str = ""
    synonyms: str = ""
    related: str = ""
    broad: str = ""
    narrow: str = ""
    lay: str = ""
    abbreviation: str = ""
    kind: str = ""
    old_ids: str = ""
    parents: str = ""
    trees: str = ""
    type: str = ""
    subject: str = ""
    object: str = ""
    evidence: str = ""
    subset: str = ""


class Filter(_Strict):
    """Keep only the rows whose column has this value."""

    column: str
    equals: str


class Trees(_Strict):
    """Another table that gives tree numbers by identifier."""

    file: str
    id: str
    trees: str
    sha256: str
    where: Where = "package"


class LookUp(_Strict):
    """Which names are looked for in texts where no rule file says it (`biolabel normalise --find`).

    not_under, drop, min_length: as the fields of an ontology in a rule file (LANGUAGE.md 2.4); acronyms:
    False where names in capitals count only if the document says what they are short for.
    """

    not_under: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    min_length: int = 3
    acronyms: bool = True


class Entry(_Strict):
    """One kb.toml: what the table is, where it came from and how to read it.

    format: a table by its columns, or a file whose format fixes them; kinds: the names that count where
    a rule file does not ask for a `kind`, empty for all; references: columns of a concept's identifiers
    in other vocabularies, with the prefix of each.
    """

    name: str
    kind: Kind
    title: str
    source: str
    version: str
    licence: str
    file: str
    sha256: str
    columns: Columns = Columns()
    format: Format = "table"
    kinds: tuple[str, ...] = ()
    references: dict[str, str] = {}
    where: Where = "package"
    cite: str = ""
    prefix: str = "MESH"
    separator: str = "|"
    filter: Filter | None = None
    trees: Trees | None = None
    look_up: LookUp = LookUp()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        needed = {"terms": ("id", "name"), "pairs": ("subject", "object")}[self.kind]
        if self.format != "table":
            if self.columns != Columns():
                raise ValueError(f"the format {self.format} fixes the columns: leave [columns] out")
            return self
        missing = [name for name in needed if not getattr(self.columns, name)]
        if missing:
            raise ValueError(f"a table of {self.kind} needs [columns] {' and '.join(missing)}")
        return self


def names(folder: Path | None = None) -> list[str]:
    """Return the names of all catalog entries."""
    return sorted(path.parent.name for path in (folder or root("kb")).glob("*/kb.toml"))


def toml_path(name: str, folder: Path | None = None) -> Path:
    """Return where the kb.toml of an entry lies, or should lie."""
    return (folder or root("kb")) / name / "kb.toml"


def entry(name: str, folder: Path | None = None) -> Entry:
    """Read the catalog entry of a knowledge base.

    Raises:
        KnowledgeError: BL701 unknown name, BL702 a kb.toml that is not as it should be.
    """
    path = toml_path(name, folder)
    if not path.is_file():
        known = names(folder)
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"there are: {', '.join(known)}"
        raise KnowledgeError("BL701", f"the catalog has no knowledge base `{name}`", hint=hint)
    try:
        return _entry(path.read_text(encoding="utf-8"))
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, e['loc'])) or 'entry'}: {e['msg']}" for e in error.errors()
        )
        raise KnowledgeError("BL702", f"{path}: {wrong}") from error
    except OSError as error:
        raise KnowledgeError("BL702", f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise KnowledgeError("BL702", f"{path} is no TOML file: {error}") from error


@lru_cache(maxsize=256)
def _entry(text: str) -> Entry:
    """Return what a kb.toml says: a process that applies rules again and again asks each time."""
    return Entry.model_validate(tomllib.loads(text))


def entry_of(kind: Kind, name: str, folder: Path | None = None) -> Entry:
    """Read a catalog entry that must be of a kind.

    Raises:
        KnowledgeError: as `entry`; BL709 terms where pairs are wanted, or the other way round.
    """
    found = entry(name, folder)
    if found.kind != kind:
        hint = "ontologies hold terms, kbs hold pairs"
        raise KnowledgeError("BL709", f"`{name}` holds {found.kind}, not {kind}", hint=hint)
    return found


def table_path(found: Entry, folder: Path | None = None) -> Path:
    """Return the path of an entry's main table, checked to be the one that kb.toml describes.

    Raises:
        KnowledgeError: BL703 missing file, BL704 another content than the stated sha256.
    """
    return _verified(found.name, found.file, found.where, found.sha256, folder)


def trees_path(found: Entry, trees: Trees, folder: Path | None = None) -> Path:
    """Return the path of an entry's table of tree numbers, checked likewise."""
    return _verified(found.name, trees.file, trees.where, trees.sha256, folder)


def place_of(name: str, file: str, where: Where, folder: Path | None = None) -> Path:
    """Return where a file of an entry should lie, whether it does or not."""
    return (data_root() if where == "data" else (folder or root("kb")) / name) / file


def places(found: Entry, folder: Path | None = None) -> list[Path]:
    """Return where all files of an entry should lie, whether they do or not."""
    trees = [(found.trees.file, found.trees.where)] if found.trees else []
    return [place_of(found.name, *each, folder) for each in ((found.file, found.where), *trees)]


def verify(found: Entry, folder: Path | None = None) -> None:
    """Check that all files of an entry are those that kb.toml describes.

    Raises:
        KnowledgeError: BL703 missing file, BL704 another content than the stated sha256.
    """
    table_path(found, folder)
    if found.trees is not None:
        trees_path(found, found.trees, folder)


def _verified(name: str, file: str, where: Where, sha256: str, folder: Path | None) -> Path:
    path = place_of(name, file, where, folder)
    if not path.is_file():
        hint = "set BIOLABEL_DATA to the folder that holds it" if where == "data" else ""
        raise KnowledgeError("BL703", f"the table of `{name}` is missing: {path}", hint=hint)
    digest = content_hash(path)
    if digest != sha256:
        message = (
            f"{path} is not the table that kb/{name}/kb.toml describes (sha256 {digest[:12]}…)"
        )
        raise KnowledgeError("BL704", message, hint="fetch it again, or correct kb.toml")
    return path


def content_hash(path: Path) -> str:
    """Return the sha256 of a file, which a process reads again only if size or time have changed.

    Raises:
        OSError: as the file system does.
    """
    state = path.stat()
    return _hash(path, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=1024)
def _hash(path: Path, size: int, changed: int) -> str:  # noqa: ARG001 (they tell versions apart)
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
