"""Replaced spans: offsets, rows and labels of the new text."""

from dataclasses import replace

import numpy as np
import pytest

from biolabel.augment.rewrite import Fitting, Replacement, rewrite, rows
from biolabel.augment.version import Version, untouched
from biolabel.data.documents import Mention, Passage
from biolabel.data.rows import rows_of
from biolabel.data.training import LabeledDocument, PairLabels, TopicLabels, WordLabels

TEXT = "Aspirin (ASA) causes gastric bleeding."


def version() -> Version:
    words, _ = rows_of(TEXT)
    inside = np.linspace(0.1, 0.9, len(words), dtype=np.float32)
    document = LabeledDocument(
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
    return untouched(document, sentences=(0,), abbreviations=((9, 12, 0, 7),))


def test_text_and_offsets_follow_the_new_names() -> None:
    new = rewrite(version(), [Replacement(21, 37, "a bleed"), Replacement(0, 7, "Ecotrin (TM)")])
    document = new.document
    assert document.text == "Ecotrin (TM) (ASA) causes a bleed."
    found = [document.text[mention.start : mention.end] for mention in document.mentions]
    assert found == ["Ecotrin (TM)", "ASA", "a bleed"]
    np.testing.assert_array_equal(document.words, rows_of(document.text)[0])
    assert new.abbreviations.tolist() == [[14, 17, 0, 12]]
    assert new.passages == (Passage("", 0, document.text),)


def test_rows_remember_where_they_come_from() -> None:
    new = rewrite(version(), [Replacement(21, 37, "one two three")])
    assert new.origin.tolist() == [0, 1, 2, 3, 4, -1, -1, -1, 7]
    again = rewrite(new, [Replacement(0, 7, "A B")])
    assert again.origin.tolist() == [-1, -1, 1, 2, 3, 4, -1, -1, -1, 7]


def test_new_rows_get_the_weighted_mean_of_the_old_ones() -> None:
    old = version().document.entities["names"]
    new = rewrite(version(), [Replacement(21, 37, "one two three")]).document.entities["names"]
    share = (old.probabilities[5] * 1 + old.probabilities[6] * 3) / 4
    np.testing.assert_allclose(new.probabilities[5:8], np.tile(share, (3, 1)), rtol=1e-6)
    np.testing.assert_allclose(new.weight[5:8], 2.0)
    np.testing.assert_array_equal(new.probabilities[8], old.probabilities[7])


def test_masked_rows_stay_masked() -> None:
    old = version().document
    masked = WordLabels(old.entities["names"].probabilities, np.zeros(8, dtype=np.float32))
    new = rewrite(
        untouched(replace(old, entities={"names": masked})), [Replacement(21, 37, "bleeding")]
    )
    labels = new.document.entities["names"]
    assert labels.weight.tolist() == [0.0] * 7
    np.testing.assert_allclose(labels.probabilities.sum(axis=1), 1, rtol=1e-5)


def test_pairs_and_topics_are_kept_and_concepts_renamed() -> None:
    old = version()
    new = rewrite(old, [Replacement(0, 7, "Ecotrin")]).document
    assert new.relations["cid"].pairs == old.document.relations["cid"].pairs
    assert new.topics is old.document.topics
    other = rewrite(old, [Replacement(0, 7, "Zinc")], {"MESH:D1": "MESH:D9"}).document
    assert other.relations["cid"].pairs == (("MESH:D9", "MESH:D2"),)
    assert [m.concepts for m in other.mentions] == [("MESH:D9",), ("MESH:D9",), ("MESH:D2",)]


def test_no_replacement_is_the_same_version() -> None:
    old = version()
    assert rewrite(old, []) is old


@pytest.mark.parametrize(
    ("start", "end", "text", "expected"),
    [
        (0, 7, "Ecotrin", True),
        (0, 4, "Ecotrin", False),  # cuts a word at its end
        (4, 7, "Ecotrin", False),  # cuts a word at its start
        (7, 8, "x", False),  # replaces a blank: no row is touched
        (0, 7, "-", False),  # has no rows
        (8, 9, "x", False),  # would grow together with ASA
        (21, 37, "grade 3", False),  # "3." could become a number
        (14, 21, "", True),  # deletes a word and its blank
        (13, 20, "", True),
        (12, 21, "", False),  # ASA and "gastric" would be one word
    ],
)
def test_fits(start: int, end: int, text: str, expected: bool) -> None:
    assert Fitting(version()).fits(Replacement(start, end, text)) is expected


def test_nothing_runs_into_another_sentence() -> None:
    two = replace(version(), sentences=np.array([0, 14], dtype=np.int32))
    assert not Fitting(two).fits(Replacement(12, 20, "x"))
    assert not Fitting(two).fits(Replacement(9, 14, ""))
    assert Fitting(two).fits(Replacement(14, 20, "Makes"))
    assert rewrite(two, [Replacement(0, 7, "Zinc")]).sentences.tolist() == [0, 11]


def test_abbreviations_that_are_cut_are_forgotten() -> None:
    assert not len(rewrite(version(), [Replacement(8, 13, "[acid]")]).abbreviations)


def test_pairs_of_mentions_follow_their_mentions() -> None:
    zinc, gene = Mention(0, 4, "A"), Mention(11, 14, "B")
    pairs = PairLabels(
        (("@0-4:A", "@11-14:B"), ("X:1", "X:2")),
        np.zeros((2, 2), dtype=np.float32),
        np.zeros(2, dtype=np.float32),
    )
    words = np.array([[0, 4], [5, 10], [11, 14]], dtype=np.int32)
    old = LabeledDocument("1", "Zinc binds ABC", words, (zinc, gene), relations={"r": pairs})
    new = rewrite(untouched(old), [Replacement(5, 10, "is bound by")]).document
    assert new.mentions[1].start == 17
    assert new.relations["r"].pairs == (("@0-4:A", "@17-20:B"), ("X:1", "X:2"))


def test_parts_of_a_mention_move_unless_they_are_cut() -> None:
    parts = Mention(21, 37, "Disease", (), parts=((21, 28), (29, 37)))
    old = replace(version().document, mentions=(parts,))
    new = rewrite(untouched(old), [Replacement(0, 7, "Zinc")]).document
    assert new.mentions[0].parts == ((18, 25), (26, 34))
    assert rewrite(untouched(old), [Replacement(21, 37, "x")]).document.mentions[0].parts == ()


def test_rows_of_a_text_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        rows("two words")[0] = 1
