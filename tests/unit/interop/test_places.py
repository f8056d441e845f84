import numpy as np

from biolabel.data.corpus import Corpus
from biolabel.data.mentions import MentionTable
from biolabel.data.votes import TaskVotes
from biolabel.interop.places import Said, candidate_limits, first_places, said_in, texts_at

LITHIUM = slice(0, 7)


def test_votes_of_a_document_have_their_places(
    corpus: Corpus, word_votes: TaskVotes, pair_votes: TaskVotes, topic_votes: TaskVotes
) -> None:
    assert said_in(word_votes, corpus, 0) == (
        Said(0, "a", ("Chemical",), 0, 7), Said(0, "b", ("Chemical",), 0, 7),
    )  # fmt: skip
    (pain,) = said_in(word_votes, corpus, 1)
    assert corpus.texts[1][pain.start : pain.end] == "pain"
    assert pain.labels == ("Disease", "none")
    (pair,) = said_in(pair_votes, corpus, 1)
    assert corpus.texts[1][pair.start : pair.end] == "Aspirin relieved pain"
    assert [each.start for each in said_in(topic_votes, corpus, 0)] == [0, 0]
    assert said_in(topic_votes, corpus, 1) == ()


def test_candidates_stand_where_they_are(
    corpus: Corpus, word_votes: TaskVotes, pair_votes: TaskVotes, sentence_votes: TaskVotes
) -> None:
    limits = candidate_limits(sentence_votes, corpus, np.array([1]))
    assert limits is not None
    assert texts_at(corpus, np.array([0]), limits) == ["Rest helped."]
    words = candidate_limits(word_votes, corpus, np.arange(2))
    assert words is not None
    assert texts_at(corpus, np.array([0, 0]), words) == ["Lithium", "caused"]
    assert candidate_limits(pair_votes, corpus, np.arange(2)) is None


def test_arguments_are_first_named_somewhere_or_nowhere(mentions: MentionTable) -> None:
    found = first_places(mentions, [(0, "C:0"), (1, "C:0"), (1, "@2-9:Chemical")])
    assert found.tolist() == [[0, 7], [0, 0], [2, 9]]
