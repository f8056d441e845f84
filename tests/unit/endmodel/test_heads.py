"""Pooling over mentions, windows and attention, against plain arithmetic."""

import pytest
import torch

from biolabel.endmodel.heads import (
    EntityHead,
    RelationHead,
    TopicHead,
    localized_context,
    pool_attention,
    pool_mentions,
)

# Concept 0 has mentions 0 (two pieces) and 1 (in both windows), concept 1 shares mention 1.
PLACES = torch.tensor([[0, 0, 1], [0, 0, 2], [1, 0, 4], [1, 1, 1]])
CONCEPTS = torch.tensor([[0, 0], [0, 1], [1, 1]])
WINDOWS, HEADS, N, WIDTH = 2, 3, 5, 8


@pytest.fixture
def hidden() -> torch.Tensor:
    return torch.randn(WINDOWS, N, WIDTH, generator=torch.Generator().manual_seed(0))


@pytest.fixture
def attention() -> torch.Tensor:
    raw = torch.randn(WINDOWS, HEADS, N, N, generator=torch.Generator().manual_seed(1))
    return raw.softmax(dim=-1)


def test_concepts_are_the_log_sum_exp_of_their_mentions(hidden: torch.Tensor) -> None:
    first = (hidden[0, 1] + hidden[0, 2]) / 2
    second = (hidden[0, 4] + hidden[1, 1]) / 2
    found = pool_mentions(hidden, PLACES, CONCEPTS)
    torch.testing.assert_close(found[0], (first.exp() + second.exp()).log())
    torch.testing.assert_close(found[1], second)


def test_concepts_look_where_their_mentions_look(attention: torch.Tensor) -> None:
    nothing = torch.zeros(HEADS, N)
    first = torch.cat([(attention[0, :, 1] + attention[0, :, 2]) / 2, nothing], dim=1)
    second = torch.cat([attention[0, :, 4], attention[1, :, 1]], dim=1) / 2
    found = pool_attention(attention, PLACES, CONCEPTS)
    torch.testing.assert_close(found[0], (first + second) / 2)
    torch.testing.assert_close(found[1], second)


def test_context_is_what_both_look_at(hidden: torch.Tensor, attention: torch.Tensor) -> None:
    looks = pool_attention(attention, PLACES, CONCEPTS)
    shared = (looks[0] * looks[1]).mean(dim=0)
    expected = (shared / shared.sum()) @ hidden.reshape(WINDOWS * N, WIDTH)
    found = localized_context(hidden, looks, torch.tensor([[0, 1]]))
    torch.testing.assert_close(found[0], expected, rtol=1e-3, atol=1e-4)


def test_nothing_in_common_gives_no_context(hidden: torch.Tensor) -> None:
    looks = torch.zeros(2, HEADS, WINDOWS * N)
    looks[0, :, 0] = looks[1, :, 7] = 1.0
    found = localized_context(hidden, looks, torch.tensor([[0, 1]]))
    torch.testing.assert_close(found, torch.zeros(1, WIDTH))


def test_the_order_of_arguments_matters() -> None:
    head = RelationHead(WIDTH, 2)
    one, other, context = torch.randn(3, 4, WIDTH, generator=torch.Generator().manual_seed(2))
    assert not torch.allclose(head(one, other, context), head(other, one, context))


def test_no_pairs_give_no_rows() -> None:
    nothing = torch.zeros(0, WIDTH)
    assert RelationHead(WIDTH, 3)(nothing, nothing, nothing).shape == (0, 3)


def test_heads_start_from_priors() -> None:
    prior = torch.tensor([-1.0, 2.0])
    zero = torch.zeros(1, WIDTH)
    for head in (EntityHead(WIDTH, 2), RelationHead(WIDTH, 2), TopicHead(WIDTH, 2)):
        head.start_from(prior)
    entity = EntityHead(WIDTH, 2)
    entity.start_from(prior)
    labels, begins = entity(zero[None])
    torch.testing.assert_close(labels[0], prior)
    assert begins.shape == (1,)
    topic = TopicHead(WIDTH, 2)
    topic.start_from(prior)
    torch.testing.assert_close(topic(zero)[0], prior)


def test_words_are_a_mean_of_the_last_layers() -> None:
    head = EntityHead(WIDTH, 2)
    layers = torch.randn(4, 3, WIDTH, generator=torch.Generator().manual_seed(2))
    with torch.no_grad():
        head.mix.copy_(torch.log(torch.tensor([0.1, 0.2, 0.3, 0.4])))
    shares = torch.tensor([0.1, 0.2, 0.3, 0.4])[:, None, None]
    labels, begins = head(layers)
    wanted = head.linear((shares * layers).sum(dim=0))
    torch.testing.assert_close(torch.cat([labels, begins[:, None]], dim=1), wanted)
    # An encoder of one layer has two: its embeddings, too.
    few, _ = head(layers[2:])
    both = (layers[2] * 3 + layers[3] * 4) / 7
    torch.testing.assert_close(few, head.linear(both)[:, :-1])
