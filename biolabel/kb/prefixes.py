"""The prefixes of identifiers: one name for each vocabulary, however sources write it."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from curies import Converter

_OBO = "http://purl.obolibrary.org/obo/"
_VOCABULARIES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "MESH": (
        ("MSH", "MESHID", "MESH_ID", "MESH_DESCRIPTOR_UI"),
        ("http://id.nlm.nih.gov/mesh/", "http://purl.bioontology.org/ontology/MESH/"),
    ),
    "OMIM": (("MIM", "MIMID", "OMIM_ID"), ("https://omim.org/entry/", "http://omim.org/entry/")),
    "DOID": (("DO", "DISEASE_ONTOLOGY"), ()),
    "HP": (("HPO",), ()),
    "MONDO": ((), ()),
    "CHEBI": (("CHEBIID", "CHEBI_ID"), ()),
    "GO": ((), ()),
    "CL": ((), ()),
    "UBERON": ((), ()),
    "NCIT": (("NCI", "NCI_THESAURUS", "NCITHESAURUS"), ()),
    "NCBITAXON": (("TAXID", "TAXON", "NCBITAXONID", "NCBI_TAXON"), ()),
    "EFO": ((), ("http://www.ebi.ac.uk/efo/EFO_",)),
    "ORPHANET": (("ORPHA", "ORDO", "ORPHANET_ID"), ("http://www.orpha.net/ORDO/Orphanet_",)),
    "HGNC": (("HGNC_ID",), ("http://identifiers.org/hgnc/",)),
    "NCBIGENE": (
        ("GENEID", "ENTREZ", "ENTREZGENE", "ENTREZ_GENE", "NCBI_GENE", "NCBI GENE", "EG"),
        ("http://identifiers.org/ncbigene/", "https://www.ncbi.nlm.nih.gov/gene/"),
    ),
    "UNIPROT": (("UNIPROTKB", "UNIPROT_ID"), ("http://purl.uniprot.org/uniprot/",)),
    "UMLS": (("UMLS_CUI", "UMLSCUI", "CUI"), ("http://linkedlifedata.com/resource/umls/id/",)),
    "SNOMEDCT": (("SNOMEDCT_US", "SNOMED", "SCTID", "SNOMED_CT"), ("http://snomed.info/id/",)),
    "DRUGBANK": (("DRUGBANK_ID",), ("http://identifiers.org/drugbank/",)),
    "RXNORM": (("RXCUI", "RXNORM_CUI"), ()),
    "CAS": (("CASRN", "CAS_RN", "CAS REGISTRY"), ()),
}
"""Each vocabulary's prefix here, other spellings of it (all in upper case), and its addresses."""
_RELEASE = re.compile(r"_\d{4}_\d{2}_\d{2}$")
"""The date that the Disease Ontology writes behind SNOMED's prefix."""


@cache
def converter() -> "Converter":
    """Return what knows the prefixes and addresses of the vocabularies."""
    # Most prefixes are written as here, and need nothing that knows the others.
    from curies import Converter, Record

    records = []
    for prefix, (spellings, addresses) in _VOCABULARIES.items():
        first, *others = (*addresses, f"{_OBO}{prefix}_")
        records.append(
            Record(
                prefix=prefix,
                uri_prefix=first,
                prefix_synonyms=list(spellings),
                uri_prefix_synonyms=others,
            )
        )
    return Converter(records)


@lru_cache(maxsize=4096)
def prefix_of(written: str) -> str:
    """Return the prefix of a vocabulary as biolabel writes it: in upper case, one for each.

    A prefix that is not known is only turned to upper case.
    """
    upper = _RELEASE.sub("", written.strip().upper())
    if upper in _VOCABULARIES:
        return upper
    return converter().standardize_prefix(upper) or upper


def is_known(prefix: str) -> bool:
    """Return whether a prefix, in whatever spelling, is that of a vocabulary known here."""
    return converter().standardize_prefix(prefix.strip().upper()) is not None


def curie_of_address(address: str) -> str | None:
    """Return the CURIE of an address of a known vocabulary, None of any other."""
    found = converter().parse_uri(address)
    return found.curie if found is not None else None
