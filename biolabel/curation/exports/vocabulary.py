"""Assertions in the words of others: Biolink predicates and categories, identifiers and addresses."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from biolabel.data.documents import Document
from biolabel.data.words import key_of
from biolabel.kb.prefixes import converter

RELATED = "biolink:related_to"
"""The predicate of a label that the task gives no other one."""
THING = "biolink:NamedThing"
"""The category of a concept whose type has no other one."""
CATEGORIES: Mapping[str, str] = {
    "Cell": "biolink:Cell",
    "CellLine": "biolink:CellLine",
    "Chemical": "biolink:ChemicalEntity",
    "Disease": "biolink:Disease",
    "Drug": "biolink:Drug",
    "Gene": "biolink:Gene",
    "Phenotype": "biolink:PhenotypicFeature",
    "Procedure": "biolink:Procedure",
    "Protein": "biolink:Protein",
    "Species": "biolink:OrganismTaxon",
    "Variant": "biolink:SequenceVariant",
}
"""The Biolink class of usual types of mentions. Source: Biolink Model 4, classes below named thing."""

_OWN = "BIOLABEL"
"""The prefix of what has no identifier: the text of a mention, the name of a document."""
_CURIE = re.compile(r"[A-Za-z_][\w.-]*:[^\s:/][^\s]*")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How a task's labels, types and documents are called in Biolink.

    predicates: label, or `task.label`, to a predicate; categories: type of mentions to a class;
    documents: the prefix of document ids that are numbers; source: the information resource that the
    assertions come from.
    """

    predicates: Mapping[str, str] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    documents: str = "PMID"
    source: str = "infores:biolabel"

    def predicate(self, task: str, label: str) -> str:
        """Return the Biolink predicate of a label."""
        return self.predicates.get(f"{task}.{label}", self.predicates.get(label, RELATED))

    def category(self, type_: str) -> str:
        """Return the Biolink class of a type of mentions."""
        return self.categories.get(type_, CATEGORIES.get(type_, THING))

    def publication(self, document: str) -> str:
        """Return a document's identifier as a CURIE."""
        if document.isdecimal():
            return f"{self.documents}:{document}"
        if re.fullmatch(r"PMC\d+", document):
            return f"PMC:{document}"
        if re.match(r"10\.\d{4,}/", document):
            return f"doi:{document}"
        return concept_curie(document)


def concept_curie(concept: str) -> str:
    """Return a concept as a CURIE; a text without one becomes one of its own, percent-encoded."""
    return concept if _CURIE.fullmatch(concept) else f"{_OWN}:{quote(concept, safe='')}"


def address_of(curie: str) -> str:
    """Return the address that a CURIE stands for, by its vocabulary or by identifiers.org."""
    prefix, _, name = curie.partition(":")
    if prefix == "PMID":
        return f"https://pubmed.ncbi.nlm.nih.gov/{quote(name)}"
    if prefix == "doi":
        return f"https://doi.org/{quote(name, safe='/')}"
    if prefix == "biolink":
        return f"https://w3id.org/biolink/vocab/{quote(name)}"
    if prefix == _OWN:
        return f"urn:biolabel:{name}"
    known = converter().expand_pair(prefix.upper(), quote(name, safe=""))
    return known or f"https://identifiers.org/{quote(prefix)}:{quote(name, safe='')}"


def concept_types(documents: Iterable[Document]) -> dict[str, str]:
    """Return the type that mentions of each subject or object of assertions have most often.

    It is a CURIE, or the folded text of mentions without one; of equally frequent types it is the
    first in the alphabet.
    """
    seen: dict[str, Counter[str]] = {}
    for document in documents:
        text = document.text
        for mention in document.mentions:
            for name in mention.concepts or (key_of(text[mention.start : mention.end]),):
                seen.setdefault(name, Counter())[mention.type] += 1
    return {
        name: min(types, key=lambda type_: (-types[type_], type_)) for name, types in seen.items()
    }
