"""Replaced spans: offsets, rows and labels of the new text."""

import numpy as np
import pytest

from biolabel.augment.rewrite import Replacement, fits, rewrite
from biolabel.data.documents import Mention
from biolabel.data.rows import rows_of
from biolabel.data.training import LabeledDocument, PairLabels, TopicLabels, WordLabels

TEXT = "Aspirin (ASA) causes gastric bleeding."


def document() -> LabeledDocument:
    words, _ = rows_of(TEXT)
    inside = np.linspace(0.1, 0.9, len(words), dtype=np.float32)
    return LabeledDocument(
        id="d",
        text=TEXT,
        words=words,
        mentions=(
            Mention(0, 7, "Chemical", ("MESH:D1",)),
            Mention(9, 12, "Chemical", ("MESH:D1",)),
            Mention(21, 37, "Disease", ("MESH:D2",)),
        ),
        entities={
            "names": WordLabels(
                np.stack([inside, 1 - inside], axis=1),
                np.array([1, 1, 2, 0, 1, 1, 3, 1], dtype=np.float32),
            )
        },
        relations={
            "cid": PairLabels(
                (("MESH:D1", "MESH:D2"),),
                np.array([[0.7, 0.3]], dtype=np.float32),
                np.ones(1, dtype=np.float32),
            )
        },
        topics={"kind": TopicLabels(np.array([1, 0], dtype=np.float32), 0.5)},
    )


def test_text_and_offsets_follow_the_new_names() -> None:
    new = rewrite(document(), [Replacement(21, 37, "a bleed"), Replacement(0, 7, "Ecotrin (TM)")])
    assert new.text == "Ecotrin (TM) (ASA) causes a bleed."
    found = [new.text[mention.start : mention.end] for mention in new.mentions]
    assert found == ["Ecotrin (TM)", "ASA", "a bleed"]
    np.testing.assert_array_equal(new.words, rows_of(new.text)[0])


def test_new_rows_get_the_weighted_mean_of_the_old_ones() -> None:
    old = document().entities["names"]
    new = rewrite(document(), [Replacement(21, 37, "one two three")]).entities["names"]
    share = (old.probabilities[5] * 1 + old.probabilities[6] * 3) / 4
    np.testing.assert_allclose(new.probabilities[5:8], np.tile(share, (3, 1)), rtol=1e-6)
    np.testing.assert_allclose(new.weight[5:8], 2.0)
    np.testing.assert_array_equal(new.probabilities[8], old.probabilities[7])


def test_masked_rows_stay_masked() -> None:
    old = document()
    masked = WordLabels(old.entities["names"].probabilities, np.zeros(8, dtype=np.float32))
    old = LabeledDocument(old.id, old.text, old.words, old.mentions, {"names": masked})
    new = rewrite(old, [Replacement(21, 37, "bleeding")]).entities["names"]
    assert new.weight.tolist() == [0.0] * 7
    assert np.isfinite(new.probabilities).all()


def test_pairs_and_topics_are_kept() -> None:
    old = document()
    new = rewrite(old, [Replacement(0, 7, "Ecotrin")])
    assert new.relations.keys() == old.relations.keys()
    assert all(new.relations[name].pairs == old.relations[name].pairs for name in old.relations)
    assert new.topics is old.topics


def test_no_replacement_changes_nothing() -> None:
    new = rewrite(document(), [])
    assert new.text == TEXT
    np.testing.assert_array_equal(new.words, document().words)


@pytest.mark.parametrize(
    ("start", "end", "text", "expected"),
    [
        (0, 7, "Ecotrin", True),
        (0, 4, "Ecotrin", False),  # cuts a word
        (7, 8, "x", False),  # replaces a blank: no row is touched
        (0, 7, "-", False),  # has no rows
        (8, 9, "x", False),  # would grow together with ASA
        (21, 37, "grade 3", False),  # "3." could become a number
    ],
)
def test_fits(start: int, end: int, text: str, expected: bool) -> None:
    assert fits(document(), Replacement(start, end, text)) is expected


def test_pairs_of_mentions_follow_their_mentions() -> None:
    zinc, gene = Mention(0, 4, "A"), Mention(11, 14, "B")
    pairs = PairLabels(
        (("@0-4:A", "@11-14:B"), ("X:1", "X:2")),
        np.zeros((2, 2), dtype=np.float32),
        np.zeros(2, dtype=np.float32),
    )
    words = np.array([[0, 4], [5, 10], [11, 14]], dtype=np.int32)
    old = LabeledDocument("1", "Zinc binds ABC", words, (zinc, gene), relations={"r": pairs})
    new = rewrite(old, [Replacement(5, 10, "is bound by")])
    assert new.mentions[1].start == 17
    assert new.relations["r"].pairs == (("@0-4:A", "@17-20:B"), ("X:1", "X:2"))
