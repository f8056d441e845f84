import pytest

from biolabel.kb.prefixes import curie_of_address, is_known, prefix_of


@pytest.mark.parametrize(
    ("written", "prefix"),
    [
        ("mesh", "MESH"), (" MSH ", "MESH"), ("mim", "OMIM"), ("Orphanet", "ORPHANET"),
        ("ORDO", "ORPHANET"), ("GeneID", "NCBIGENE"), ("NCI", "NCIT"), ("hpo", "HP"),
        ("SNOMEDCT_US", "SNOMEDCT"), ("SNOMEDCT_US_2025_09_01", "SNOMEDCT"), ("Garden", "GARDEN"),
    ],
)  # fmt: skip
def test_one_prefix_for_each_vocabulary(written: str, prefix: str) -> None:
    assert prefix_of(written) == prefix


def test_unknown_prefixes_are_known_to_be_unknown() -> None:
    assert is_known("mim")
    assert not is_known("garden")


def test_addresses() -> None:
    assert curie_of_address("https://omim.org/entry/104300") == "OMIM:104300"
    assert curie_of_address("http://purl.obolibrary.org/obo/HP_0000001") == "HP:0000001"
    assert curie_of_address("http://a.b/c") is None
