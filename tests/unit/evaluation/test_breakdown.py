"""Scores by group: every right, wrong and missed item counts once, in its group."""

from dataclasses import replace

from biolabel.data.documents import Document, Mention, Passage, Relation
from biolabel.evaluation.breakdown import (
    distance_group,
    length_group,
    mention_breakdown,
    pair_breakdown,
)
from biolabel.evaluation.metrics import Score

TEXT = Passage("title", 0, "Lithium. Tremor came. Nausea. Coma. Lithium")
DRUG = Mention(0, 7, "Chemical", ("C:1",))
AGAIN = Mention(36, 43, "Chemical", ("C:1",))
TREMOR = Mention(9, 15, "Disease", ("D:1",))
NAUSEA = Mention(22, 28, "Disease", ("D:2",))
GOLD = Document("1", (TEXT,), (DRUG, TREMOR, NAUSEA), (Relation("CID", "C:1", "D:1", "CID"),))
SENTENCES = (0, 9, 22, 30, 36)


def test_mentions_by_type() -> None:
    found = replace(GOLD, mentions=(DRUG, replace(TREMOR, end=20), replace(NAUSEA, type="Gene")))
    assert mention_breakdown([GOLD], [found], lambda doc, m: f"{doc} {m.type}") == {
        "1 Chemical": Score(1, 0, 0),
        "1 Disease": Score(0, 1, 2),
    }


def test_documents_that_gold_lacks_do_not_count_and_missing_ones_are_missed() -> None:
    other = replace(GOLD, id="2")
    found = mention_breakdown([GOLD], [other], lambda _, m: m.type)
    assert found == {"Chemical": Score(0, 0, 1), "Disease": Score(0, 0, 2)}


def test_pairs_by_group() -> None:
    wrong = Relation("CID", "C:1", "D:2", "CID")
    found = replace(GOLD, relations=(*GOLD.relations, wrong, replace(wrong, task="other")))
    names = {"CID": "causes"}
    assert pair_breakdown([GOLD], [found], names, lambda *pair: pair[2]) == {
        "D:1": Score(1, 0, 0),
        "D:2": Score(0, 1, 0),
    }


def test_lengths() -> None:
    assert [length_group(n) for n in (1, 2, 3, 4, 9)] == [
        *("1 word", "2 words", "3 words", "over 3 words", "over 3 words")
    ]


def test_distances_are_those_of_the_closest_mentions() -> None:
    def distance(*mentions: Mention) -> str:
        return distance_group(replace(GOLD, mentions=mentions), SENTENCES, "C:1", "D:1")

    assert distance(DRUG, replace(TREMOR, start=3)) == "in one sentence"
    assert distance(DRUG, TREMOR, AGAIN) == "in sentences side by side"
    assert distance(DRUG, replace(NAUSEA, concepts=("D:1",))) == "within 3 sentences"
    assert distance(AGAIN, TREMOR) == "3 sentences apart or more"
    assert distance(DRUG) == "not mentioned"
