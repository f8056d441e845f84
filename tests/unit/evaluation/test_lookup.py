from pathlib import Path

import pytest

from biolabel.apply.terms import TermFinder
from biolabel.evaluation.lookup import within
from biolabel.evaluation.needs import available
from tests.unit.apply.world import corpus
from tests.unit.evaluation.stand import WORDS, stand

NAMES = """
ontology names
  type: Disease
  ids: "MESH"
  add: "cancer of the kidney" = "D1", "leukemia, plasmacytic" = "D2", "berry" = "D3", "X-ray" = "D4",
       "(R)-thing" = "D5", "fly" = "D6", "tumor" = "D7",
       "nonsteroidal drug" = "D8", "TNF-alpha" = "D9"
  via: {via}
"""
TEXT = (
    "kidney cancer, plasmacytic leukemia, berries, x ray, R thing, flies and tumour,"
    " non-steroidal drug, TNF\N{GREEK SMALL LETTER ALPHA}"
)


@pytest.mark.parametrize(
    "via",
    [
        "exact",
        "exact, plural",
        "plural, reorder",
        "plural, fuzzy 0.8",
        "spelling",
        "spelling, fuzzy 0.8",
    ],
)
def test_what_is_found_stays_the_same(tmp_path: Path, via: str) -> None:
    rules = NAMES.replace("{via}", via) + WORDS
    plan = stand(tmp_path, f"{rules}rule x for mentions\n  votes: Disease\n  find: names\n").plan
    knowledge, _ = available(plan, frozenset())
    over = corpus(TEXT)
    whole = TermFinder(over, knowledge).hits("names")
    less = TermFinder(over, within(knowledge, over, plan)).hits("names")
    assert whole.first.tolist() == less.first.tolist()
    assert len(whole.first) >= (1 if via == "exact" else 2)


def test_words_of_names_that_go_are_still_no_slips(tmp_path: Path) -> None:
    rules = (
        """
ontology names
  type: Disease
  ids: "MESH"
  add: "hyperkalemia" = "D1", "spinal hypokalemia" = "D2", "severe metastasis" = "D3"
  via: plural, fuzzy 0.8
"""
        + WORDS
    )
    plan = stand(tmp_path, f"{rules}rule x for mentions\n  votes: Disease\n  find: names\n").plan
    knowledge, _ = available(plan, frozenset())
    over = corpus("hypokalemia or hyperkallemia and sevvere metastaases")
    cut = within(knowledge, over, plan)
    assert cut.ontologies["names"].ontology.names["MESH:D2"] == ()
    found = TermFinder(over, cut).hits("names")
    assert found.first.tolist() == TermFinder(over, knowledge).hits("names").first.tolist()
    assert found.first.tolist() == [2, 4]


def test_names_whose_prefix_the_text_leaves_out_stay(tmp_path: Path) -> None:
    rules = (
        """
ontology names
  type: Disease
  ids: "MESH"
  add: "2-acetylaminofluorene" = "D1", "2-propranolol" = "D2", "N,N'-propranolol" = "D3"
  via: exact, fuzzy 0.93
"""
        + WORDS
    )
    plan = stand(tmp_path, f"{rules}rule x for mentions\n  votes: Disease\n  find: names\n").plan
    knowledge, _ = available(plan, frozenset())
    over = corpus("acetylaminofluorene or propranolol")
    found = TermFinder(over, within(knowledge, over, plan)).hits("names")
    assert found.first.tolist() == TermFinder(over, knowledge).hits("names").first.tolist() == [0]


def test_other_names_go_and_concepts_stay(tmp_path: Path) -> None:
    rules = NAMES.replace("{via}", "exact") + WORDS
    plan = stand(tmp_path, f"{rules}rule x for mentions\n  votes: Disease\n  find: names\n").plan
    knowledge, _ = available(plan, frozenset())
    less = within(knowledge, corpus("a berry"), plan).ontologies["names"].ontology.names
    assert less["MESH:D3"] == ("berry",)
    assert less["MESH:D1"] == ()
