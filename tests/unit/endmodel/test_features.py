"""Windows, first pieces of words, pieces of mentions, and batches."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from transformers import PreTrainedTokenizerFast

from biolabel.data.documents import Mention
from biolabel.data.labels import Task
from biolabel.data.rows import rows_of
from biolabel.data.training import LabeledDocument, PairLabels
from biolabel.endmodel.features import Features, buckets, featurize


def read(
    tokenizer: PreTrainedTokenizerFast,
    tasks: tuple[Task, ...],
    text: str,
    *mentions: tuple[int, int, str],
    window: int = 64,
    overlap: int = 0,
) -> Features:
    """Return the features of a text; the first and the last mention's concepts are a pair."""
    given = tuple(Mention(start, end, "T", (concept,)) for start, end, concept in mentions)
    relations = {}
    if given:
        pair = (mentions[0][2], mentions[-1][2])
        relations["causes"] = PairLabels(
            (pair,), np.zeros((1, 2), np.float32), np.zeros(1, np.float32)
        )
    document = LabeledDocument("d", text, rows_of(text)[0], given, relations=relations)
    return featurize(document, tasks, tokenizer, window, overlap)


def piece_at(
    tokenizer: PreTrainedTokenizerFast, features: Features, window: int, column: int
) -> str:
    piece = tokenizer.convert_ids_to_tokens(int(features.windows[window][column]))
    assert isinstance(piece, str)
    return piece


def test_words_and_mentions_point_at_their_pieces(
    tokenizer: PreTrainedTokenizerFast, tasks: tuple[Task, ...]
) -> None:
    text = "tremorin causes (severe) coma"
    found = read(tokenizer, tasks, text, (0, 8, "A"), (25, 29, "B"))
    words = [piece_at(tokenizer, found, *place) for place in found.words.tolist()]
    assert words == ["tremor", "causes", "(", "severe", ")", "coma"]
    mentions = [
        (mention, piece_at(tokenizer, found, window, column))
        for mention, window, column in found.mentions.tolist()
    ]
    assert mentions == [(0, "tremor"), (0, "##in"), (1, "coma")]
    assert found.concepts.tolist() == [[0, 0], [1, 1]]
    assert found.pairs["causes"].tolist() == [[0, 1]]


def test_mentions_without_a_pair_are_not_read(
    tokenizer: PreTrainedTokenizerFast, tasks: tuple[Task, ...]
) -> None:
    found = read(
        tokenizer, tasks, "coma and nausea and tremor", (0, 4, "A"), (9, 15, "B"), (20, 26, "C")
    )
    assert sorted(set(found.mentions[:, 0].tolist())) == [0, 1]
    assert found.concepts.tolist() == [[0, 0], [1, 1]]


def test_long_texts_are_read_in_overlapping_windows(
    tokenizer: PreTrainedTokenizerFast, tasks: tuple[Task, ...]
) -> None:
    text = " ".join(["aspirin", "causes", "tremor", "and", "heparin"] * 6)
    found = read(
        tokenizer, tasks, text, (0, 7, "A"), (len(text) - 7, len(text), "B"), window=12, overlap=4
    )
    assert len(found.windows) > 2
    assert max(len(each) for each in found.windows) <= 12
    for (start, end), (window, column) in zip(
        rows_of(text)[0].tolist(), found.words.tolist(), strict=True
    ):
        assert piece_at(tokenizer, found, window, column) == text[start:end]
    assert {0, len(found.windows) - 1} == set(found.mentions[:, 1].tolist())


def test_a_mention_in_the_overlap_is_read_twice(
    tokenizer: PreTrainedTokenizerFast, tasks: tuple[Task, ...]
) -> None:
    text = "a a a a a a aspirin a a a a a"
    found = read(tokenizer, tasks, text, (12, 19, "A"), window=10, overlap=4)
    assert [len(each) for each in found.windows] == [10, 10]
    assert found.mentions[:, 1].tolist() == [0, 1]
    assert {piece_at(tokenizer, found, w, c) for _, w, c in found.mentions.tolist()} == {"aspirin"}


@pytest.mark.parametrize("text", ["", " ", "\u200b"])
def test_texts_without_pieces(
    tokenizer: PreTrainedTokenizerFast, tasks: tuple[Task, ...], text: str
) -> None:
    found = read(tokenizer, tasks, text)
    assert found.pieces >= 2
    assert len(found.words) == len(rows_of(text)[0])


@given(text=st.text(alphabet="aox -.(\u00e9\u00df\u200d\u0301\U0001f600", max_size=60))
def test_every_word_has_a_piece(
    tokenizer: PreTrainedTokenizerFast, tasks: tuple[Task, ...], text: str
) -> None:
    found = read(tokenizer, tasks, text, window=10, overlap=3)
    assert len(found.words) == len(rows_of(text)[0])
    for window, column in found.words.tolist():
        assert 0 <= column < len(found.windows[window])


@given(
    lengths=st.lists(st.integers(1, 300), max_size=40),
    budget=st.integers(1, 900),
    seed=st.none() | st.integers(0, 9),
)
def test_batches_hold_everything_once_within_the_budget(
    lengths: list[int], budget: int, seed: int | None
) -> None:
    generator = None if seed is None else np.random.default_rng(seed)
    batches = buckets(lengths, budget, generator)
    assert sorted(i for batch in batches for i in batch) == list(range(len(lengths)))
    for batch in batches:
        assert len(batch) == 1 or max(lengths[i] for i in batch) * len(batch) <= budget


def test_batches_have_similar_lengths() -> None:
    lengths = [10, 300, 11, 290, 12, 310]
    batches = buckets(lengths, 1000, np.random.default_rng(0))
    assert sorted(sorted(batch) for batch in batches) == [[0, 2, 4], [1, 3, 5]]


def test_windows_of_a_long_text_are_about_equally_long(
    tokenizer: PreTrainedTokenizerFast, tasks: tuple[Task, ...]
) -> None:
    found = read(tokenizer, tasks, "a " * 25, window=20, overlap=4)
    assert [len(each) for each in found.windows] == [17, 16]
    assert found.pieces == 34


def test_a_mention_is_an_argument_by_its_key(
    tokenizer: PreTrainedTokenizerFast, tasks: tuple[Task, ...]
) -> None:
    text = "coma and coma and tremor"
    mentions = tuple(Mention(s, e, "T", ("X:1",)) for s, e in ((0, 4), (9, 13), (18, 24)))
    nothing = np.zeros(2, np.float32)
    pairs = PairLabels((("@0-4:T", "@18-24:T"), ("@9-13:T", "@18-24:T")), nothing[:, None], nothing)
    labeled = LabeledDocument("d", text, rows_of(text)[0], mentions, relations={"causes": pairs})
    found = featurize(labeled, tasks, tokenizer, 64, 0)
    assert found.concepts.tolist() == [[0, 0], [2, 1], [1, 2]]
    assert found.pairs["causes"].tolist() == [[0, 1], [2, 1]]
