import numpy as np

from biolabel.curation.evidence import Parts, Place, evidence_of
from biolabel.data.documents import Document, Mention, Passage
from biolabel.data.labels import LabelingFunction, LabelMatrix, Task
from biolabel.data.votes import TaskVotes
from biolabel.text.build import corpus_of

TEXT = "Iron heals. Then zinc hurts. Zinc also hurts skin."
CORPUS = corpus_of(
    [
        Document("0", (Passage("title", 0, "Before"),)),
        Document("1", (Passage("abstract", 0, TEXT),)),
    ]
)
ROWS = {text: i for i, text in enumerate(np.array(CORPUS.forms)[CORPUS.row_form].tolist())}


def cast(evidence: list[tuple[int, int]], labels: tuple[str, ...], masks: list[int]) -> TaskVotes:
    n = len(evidence)
    return TaskVotes(
        LabelMatrix(
            Task("cid", "relation", labels),
            tuple(LabelingFunction(f"rule{i}") for i in range(n)),
            1,
            np.zeros(n, dtype=np.int32),
            np.arange(n, dtype=np.int16),
            np.array(masks, dtype=np.int64),
        ),
        np.array(evidence, dtype=np.int32).reshape(-1, 2),
        np.array([1], dtype=np.int32),
        ("z",),
        ("s",),
    )


def place(candidate: int | None, probability: float | None = 0.5) -> Place:
    return Place(1, "z", "s", "yes", candidate, probability)


def test_votes_on_the_same_sentences_share_a_row() -> None:
    zinc, skin = ROWS["Zinc"], ROWS["skin"]
    found = cast(
        [(zinc, zinc + 2), (skin, skin + 1), (ROWS["Then"], skin)], ("none", "yes"), [2, 2, 1]
    )
    one, two = evidence_of(place(0), found, CORPUS, ())
    assert one.rules_for == ("rule0", "rule1")
    assert TEXT[one.start : one.end] == "Zinc also hurts skin"
    assert two.rules_against == ("rule2",)
    assert two.text == "Then zinc hurts. Zinc also hurts skin."


def test_without_none_every_label_that_stays_possible_is_support() -> None:
    at = (ROWS["Iron"], ROWS["Iron"] + 1)
    (row,) = evidence_of(place(0), cast([at, at], ("yes", "no"), [3, 2]), CORPUS, ())
    assert (row.rules_for, row.rules_against) == (("rule0",), ("rule1",))


def test_an_empty_range_of_rows_is_no_place() -> None:
    (row,) = evidence_of(place(0), cast([(0, 0)], ("none", "yes"), [2]), CORPUS, ())
    assert (row.start, row.end, row.text, row.rules_for) == (0, 0, "", ("rule0",))


def test_neither_predicted_nor_voted_is_no_evidence() -> None:
    nothing = cast([], ("none", "yes"), [])
    mentions = (Mention(0, 4, "Chemical", ("z",)), Mention(17, 21, "Disease", ("s",)))
    assert list(evidence_of(place(0, None), nothing, CORPUS, mentions)) == []
    assert list(evidence_of(place(None, None), nothing, CORPUS, mentions)) == []
    (row,) = evidence_of(place(None), nothing, CORPUS, mentions)
    assert row.text == "Iron heals. Then zinc hurts."


def test_label_model_and_end_model_speak_of_the_candidate() -> None:
    found = cast([(ROWS["Iron"], ROWS["Iron"] + 1)], ("none", "yes"), [2])
    rules, text = np.array([[0.25, 0.75]]), np.array([[0.5, 0.5]])
    (row,) = evidence_of(place(0), found, CORPUS, (), Parts(rules, text))
    assert (row.by_rules, row.by_text) == (0.75, 0.5)
    (alone,) = evidence_of(place(0), found, CORPUS, (), Parts(rules))
    assert (alone.by_rules, alone.by_text) == (0.75, None)
    (elsewhere,) = evidence_of(place(None), found, CORPUS, (), Parts(rules, text))
    assert (elsewhere.by_rules, elsewhere.by_text) == (None, None)
