"""What declarations of knowledge read, and what tells one reading from another."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from biolabel.compile.plan import Plan
from biolabel.errors import KnowledgeError
from biolabel.kb.catalog import content_hash, entry, places
from biolabel.kb.prefixes import prefix_of
from biolabel.kb.sources import Source, declared_prefix, files
from biolabel.kb.tables import RowFilter
from biolabel.lang import tree
from biolabel.lang.walk import nodes


def digest(*parts: object) -> str:
    """Return 16 hexadecimal digits that say what values are, by what Python writes for them."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def source_of(
    declaration: tree.OntologyDecl | tree.KbDecl, folder: Path | None = None
) -> Source | None:
    """Return where a declaration's knowledge comes from, None for one that only adds terms.

    folder: the catalog's entries, None for those of biolabel.
    """
    given = declaration.source
    if given is None:
        return None
    return Source(
        format=given.format,
        paths=given.paths,
        base=Path(declaration.name.span.file).parent,
        ids=declaration.ids,
        columns=dict(declaration.columns),
        where=tuple(RowFilter(w.column, w.operator, w.value) for w in declaration.where),
        catalog=folder,
    )


def prefixes_of(
    ontologies: Iterable[tree.OntologyDecl], kbs: Iterable[tree.KbDecl]
) -> dict[str, str]:
    """Return the prefix of identifiers without one, by type of mention, as the first declaration has it.

    Ontologies of a type come before knowledge bases; types of which neither says it are left out.
    """
    typed: list[tuple[str, tree.OntologyDecl | tree.KbDecl]] = [
        (each.type.text, each) for each in ontologies if each.type is not None
    ]
    typed += [(type_.text, each) for each in kbs for type_ in each.pairs or ()]
    found: dict[str, str] = {}
    for type_, declaration in typed:
        source = source_of(declaration)
        prefix = declared_prefix(source) if source is not None else prefix_of(declaration.ids)
        if prefix:
            found.setdefault(type_, prefix)
    return found


def sides_of(plan: Plan, declaration: tree.KbDecl) -> dict[str, frozenset[str]]:
    """Return the ontologies of the types of a knowledge base, by name, for subject and object."""
    types = [name.text for name in declaration.pairs or ()]
    return {
        side: frozenset(n for n, o in plan.ontologies.items() if o.type and o.type.text == type_)
        for side, type_ in zip(("subject", "object"), types, strict=False)
    }


def hierarchies_of(plan: Plan, declaration: tree.KbDecl) -> frozenset[str]:
    """Return the ontologies that a knowledge base is read with, by name: those of its types.

    They say what is above what, for `expand:`, and which identifiers are old ones of which.
    """
    return frozenset[str]().union(*sides_of(plan, declaration).values())


def ontology_mark(declaration: tree.OntologyDecl, lists: Mapping[str, tree.ListDecl]) -> str:
    """Return what identifies an ontology: how it is declared, its lists, and what its files hold.

    Raises:
        OSError: for a file that cannot be read.
    """
    named = {node.text for node in nodes(declaration) if isinstance(node, tree.Name)}
    used = [_bare(lists[each]) for each in sorted(named & lists.keys())]
    return digest(_bare(declaration), used, _content(declaration))


def pairs_mark(declaration: tree.KbDecl, above: Sequence[str], guard: str) -> str:
    """Return what identifies a knowledge base.

    above: the marks of the ontologies of `hierarchies_of`; guard: what identifies the documents whose
    own evidence is left out.

    Raises:
        OSError: for a file that cannot be read.
    """
    return digest(_bare(declaration), list(above), _content(declaration), guard)


def are_there(source: Source) -> bool:
    """Return whether all files of a source are where they should be."""
    try:
        if source.format != "catalog":
            return all(file.is_file() for file in files(source))
        entries = [entry(name, source.catalog) for name in source.paths]
    except KnowledgeError:
        return False
    return all(place.is_file() for found in entries for place in places(found, source.catalog))


def _bare(declaration: tree.Decl) -> tree.Decl:
    return replace(declaration, meta=tree.Meta())


def _content(declaration: tree.OntologyDecl | tree.KbDecl) -> list[tuple[str, str]]:
    """Return what identifies the files of a declaration; of missing ones nothing, as nothing will run."""
    source = source_of(declaration)
    if source is None:
        return []
    try:
        entries = [entry(name) for name in source.paths] if source.format == "catalog" else []
        tables = [(each.name, place) for each in entries for place in places(each)]
        own = [(str(path), path) for path in sorted(files(source))]
        return [
            *((each.name, digest(each)) for each in entries),
            *((name, content_hash(path)) for name, path in (*tables, *own) if path.is_file()),
        ]
    except KnowledgeError as error:
        return [("", error.message)]
