"""The ontologies and knowledge bases of a plan, filtered as its declarations say."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from biolabel.apply.vocabulary import inflections, phrase_words
from biolabel.compile.plan import Plan
from biolabel.data.models import Function, Model
from biolabel.data.progress import Progress, silent
from biolabel.data.words import key_of
from biolabel.errors import KnowledgeError
from biolabel.kb.catalog import entry
from biolabel.kb.curie import curie_of
from biolabel.kb.pairs import PairIndex, read_pairs
from biolabel.kb.terms import Ontology, read_ontology
from biolabel.lang import tree

DEFAULT_VIA = ("exact", "plural", "abbreviation")
"""How names are looked up where a rule file does not say: as LANGUAGE.md 2.4 lists them first."""


@dataclass(frozen=True, slots=True)
class OntologyIndex:
    """One ontology declaration made ready: its filtered names, tree numbers, type and ways."""

    ontology: Ontology
    type: str
    via: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What rules look up or ask, by the names of the program; functions by their target."""

    ontologies: Mapping[str, OntologyIndex]
    pairs: Mapping[str, PairIndex]
    models: Mapping[str, Model] = field(default_factory=dict)
    functions: Mapping[str, Function] = field(default_factory=dict)


def load_knowledge(
    plan: Plan,
    documents: frozenset[str],
    progress: Progress = silent,
    folder: Path | None = None,
) -> Knowledge:
    """Read every ontology and knowledge base that a plan declares.

    documents: ids of the documents being labeled, whose curated evidence is left out (leak guard).

    Raises:
        KnowledgeError: BL701 to BL706 and BL709 from the catalog, BL707 an ontology left without a
            name, BL710 an unknown root, BL712 other identifiers than `ids:` says.
    """
    ontologies, pairs = {}, {}
    total = len(plan.ontologies) + len(plan.kbs)
    steps = iter(progress(range(total), name="knowledge", total=total))
    for name, declaration in plan.ontologies.items():
        next(steps)
        ontologies[name] = _ontology(declaration, plan.lists, folder)
    for name, kb in plan.kbs.items():
        next(steps)
        if kb.source is not None:
            _check_ids(kb, folder)
            pairs[name] = read_pairs(kb.source.paths[0], documents, folder)
    next(steps, None)
    return Knowledge(ontologies, pairs)


def _check_ids(declaration: tree.OntologyDecl | tree.KbDecl, folder: Path | None) -> None:
    for path in declaration.source.paths if declaration.source else ():
        prefix = entry(path, folder).prefix
        if declaration.ids and declaration.ids.upper() != prefix.upper():
            message = f"`{declaration.name.text}` says `ids: {declaration.ids}`"
            raise KnowledgeError("BL712", f'{message}, but the table "{path}" holds {prefix}')


def _ontology(
    declaration: tree.OntologyDecl, lists: Mapping[str, tree.ListDecl], folder: Path | None
) -> OntologyIndex:
    _check_ids(declaration, folder)
    names: dict[str, tuple[str, ...]] = {}
    trees: dict[str, tuple[str, ...]] = {}
    for path in declaration.source.paths if declaration.source else ():
        read = read_ontology(path, folder)
        for concept, texts in read.names.items():
            names[concept] = tuple(dict.fromkeys((*names.get(concept, ()), *texts)))
        trees.update(read.trees)
    merged = Ontology(names, trees)
    kept = set(names)
    if declaration.under:
        kept &= merged.under(declaration.under)
    if declaration.not_under:
        kept -= merged.under(declaration.not_under)
    unwanted = _stop_keys(declaration, lists)
    survivors = {
        concept: tuple(
            text
            for text in names[concept]
            if len(text) >= declaration.min_length and not unwanted.fullmatch(key_of(text))
        )
        for concept in names
        if concept in kept
    }
    for term, raw in declaration.add:
        concept = curie_of(raw, declaration.ids or "MESH") or raw
        survivors[concept] = (*survivors.get(concept, ()), term)
    filtered = {concept: texts for concept, texts in survivors.items() if texts}
    if not filtered:
        message = f"no term of `{declaration.name.text}` survives its filters"
        raise KnowledgeError("BL707", f"{message}: they remove all {len(names):,} concepts")
    via = tuple(via.name for via in declaration.via) or DEFAULT_VIA
    type_name = declaration.type.text if declaration.type else ""
    return OntologyIndex(Ontology(filtered, trees), type_name, via)


def _stop_keys(
    declaration: tree.OntologyDecl, lists: Mapping[str, tree.ListDecl]
) -> re.Pattern[str]:
    """Return what matches the keys of dropped terms: `drop:` and the entries of `stop:` lists."""
    entries = [*declaration.drop]
    for name in declaration.stop:
        entries.extend(lists[name.text].words)
    patterns = [" ".join(map(_word_pattern, phrase_words(entry))) for entry in entries]
    return re.compile("|".join(filter(None, patterns)) or r"(?!)")


def _word_pattern(word: str) -> str:
    """Return what matches a word of a key as `vocabulary.word_mask` reads it: `acid*`, `drug~`."""
    word = word.lower()
    if word.endswith("~"):
        return f"(?:{'|'.join(map(re.escape, sorted(inflections(word[:-1]))))})"
    return re.escape(word).replace(r"\*", "[^ ]*")
