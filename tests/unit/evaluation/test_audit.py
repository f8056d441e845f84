import pytest

from biolabel.evaluation.audit import FEWEST, Known, Overlap, known, overlap, suspicion
from biolabel.kb.ontology import Ontology

CANDIDATES = {(0, "a", "b"), (0, "a", "c"), (1, "a", "b"), (1, "b", "a")}
GOLD = {(0, "a", "b"), (1, "x", "y")}


def test_overlap_counts_candidates_and_gold() -> None:
    found = overlap(CANDIDATES, GOLD, {("a", "b"), ("x", "y"), ("q", "q")})
    assert found == Overlap(candidates=4, gold=2, right_candidates=1, held=2, right=1, found=2)
    assert (found.recall, found.precision) == (1.0, 0.5)
    nothing = overlap(CANDIDATES, set(), set())
    assert (nothing.recall, nothing.precision) == (0.0, 0.0)


def test_a_pair_counts_in_its_direction_unless_both_are_asked() -> None:
    assert overlap(CANDIDATES, GOLD, {("b", "a")}).held == 1
    assert overlap(CANDIDATES, GOLD, {("b", "a")}, both_ways=True).held == 3


def part(found: int, held: int, *, gold: int = 1000) -> Overlap:
    return Overlap(5000, gold, gold, held, found, found)


@pytest.mark.parametrize(
    ("parts", "word"),
    [
        ({"corpus": part(720, 2000), "dev": part(740, 2000)}, ""),
        ({"corpus": part(950, 2500)}, "95% of the gold of corpus"),
        ({"corpus": part(250, 275)}, "91% of the pairs of corpus"),
        ({"corpus": part(800, 2200), "dev": part(700, 2000)}, "80% of the gold of corpus and 70%"),
        ({"corpus": part(700, 2000), "dev": part(800, 2200)}, "80% of the gold of dev and 70%"),
        ({"corpus": part(FEWEST - 1, FEWEST - 1, gold=FEWEST)}, ""),
        ({"corpus": part(0, 0), "dev": part(0, 0, gold=0)}, ""),
    ],
)
def test_tables_made_from_gold_are_suspected(parts: dict[str, Overlap], word: str) -> None:
    assert word in suspicion(parts, cites=False)
    assert bool(suspicion(parts, cites=False)) == bool(word)
    assert suspicion(parts, cites=True) == ""


def test_what_an_ontology_knows() -> None:
    found = Ontology({"X:1": ("a",), "X:2": ("b",)}, replaced={"X:0": "X:1"})
    mentions = [("X:1",), ("X:0",), ("X:1", "X:9"), (), ("X:2", "X:1")]
    assert known(found, mentions) == Known(mentions=4, known=3, concepts=3, had=2)
