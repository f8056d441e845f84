"""The heads of the end model: what turns the encoder's vectors into logits, a class a kind of task."""

from math import gcd

import torch
from torch import Tensor, nn

WORD_LAYERS = 4
"""How many of the encoder's last layers words are read from. The last one of an encoder that was made for
whole sentences knows less of single words than those below it."""


class EntityHead(nn.Module):
    """A linear layer over words: k labels and whether a mention begins at the word.

    Words are a learned mean of the encoder's last layers (Peters et al., "Deep Contextualized Word
    Representations", NAACL 2018, equation 1), which at first is mostly the last one.
    """

    def __init__(self, width: int, labels: int) -> None:
        """Make the layer for encoder vectors of `width`."""
        super().__init__()
        self.mix = nn.Parameter(torch.tensor([0.0] * (WORD_LAYERS - 1) + [2.0]))
        self.linear = nn.Linear(width, labels + 1)

    def forward(self, words: Tensor) -> tuple[Tensor, Tensor]:
        """Return label logits float32[w, k] and begin logits float32[w] of words float32[layers, w, h].

        layers: the last ones, the topmost last; at most `WORD_LAYERS`.
        """
        shares = torch.softmax(self.mix[-len(words) :], dim=0)
        logits = self.linear(torch.einsum("l,lwh->wh", shares, words))
        return logits[:, :-1], logits[:, -1]

    def start_from(self, prior: Tensor) -> None:
        """Let the head begin at the labels' prior logits float32[k]."""
        with torch.no_grad():
            self.linear.bias[:-1].copy_(prior)


class RelationHead(nn.Module):
    """A grouped bilinear layer over two arguments and their shared context.

    Source: Zhou et al., "Document-Level Relation Extraction with Adaptive Thresholding and
    Localized Context Pooling" (ATLOP, AAAI 2021): its group bilinear classifier, entity pooling and
    localized context pooling, with blocks of 64.
    """

    def __init__(self, width: int, labels: int) -> None:
        """Make the layers for encoder vectors of `width`, which is cut into equal blocks."""
        super().__init__()
        block = gcd(width, 64)
        scale = (width * block) ** -0.5
        self.subject = nn.Linear(2 * width, width)
        self.object = nn.Linear(2 * width, width)
        self.bilinear = nn.Parameter(torch.empty(width // block, block, labels * block))
        self.bias = nn.Parameter(torch.zeros(labels))
        nn.init.uniform_(self.bilinear, -scale, scale)

    def forward(self, subject: Tensor, object_: Tensor, context: Tensor) -> Tensor:
        """Return logits float32[p, k] of pairs: arguments and context are float32[p, h] each."""
        left = torch.tanh(self.subject(torch.cat([subject, context], dim=1)))
        right = torch.tanh(self.object(torch.cat([object_, context], dim=1)))
        groups, block, _ = self.bilinear.shape
        # Group by group, so that no pair's outer products (width * block numbers) are ever stored.
        left = left.view(-1, groups, block).transpose(0, 1) @ self.bilinear
        left = left.view(groups, -1, len(self.bias), block)
        return torch.einsum("gpkj,pgj->pk", left, right.view(-1, groups, block)) + self.bias

    def start_from(self, prior: Tensor) -> None:
        """Let the head begin at the labels' prior logits float32[k]."""
        with torch.no_grad():
            self.bias.copy_(prior)


class TopicHead(nn.Module):
    """A linear layer over the mean vector of a document."""

    def __init__(self, width: int, labels: int) -> None:
        """Make the layer for encoder vectors of `width`."""
        super().__init__()
        self.linear = nn.Linear(width, labels)

    def forward(self, documents: Tensor) -> Tensor:
        """Return logits float32[d, k] of documents float32[d, h]."""
        logits: Tensor = self.linear(documents)
        return logits

    def start_from(self, prior: Tensor) -> None:
        """Let the head begin at the labels' prior logits float32[k]."""
        with torch.no_grad():
            self.linear.bias.copy_(prior)


def pool_mentions(hidden: Tensor, places: Tensor, concepts: Tensor) -> Tensor:
    """Return the vectors float32[c, h] of a document's concepts.

    A mention is the mean of its pieces in all windows, a concept the log-sum-exp of its mentions.
    hidden: float32[windows, n, h]; places: int64[x, 3] and concepts: int64[y, 2] as in `Features`.
    """
    mention, concept = places[:, 0], concepts[:, 0]
    pieces = hidden[places[:, 1], places[:, 2]]
    mentions = _mean_by(mention, pieces)
    exponents = mentions.new_full((int(concept.max()) + 1, len(mentions)), float("-inf"))
    exponents[concept, concepts[:, 1]] = 0.0
    return torch.logsumexp(mentions[None] + exponents[:, :, None], dim=1)


def pool_attention(attention: Tensor, places: Tensor, concepts: Tensor) -> Tensor:
    """Return where the concepts of a document look, float32[c, heads, windows * n].

    It is the mean over mentions of the mean attention of their pieces. attention: float32[windows,
    heads, n, n]; places and concepts as in `pool_mentions`.
    """
    windows, heads, n, _ = attention.shape
    mentions = int(places[:, 0].max()) + 1
    shares = attention.new_zeros(mentions, windows, n)
    shares[places[:, 0], places[:, 1], places[:, 2]] = 1.0
    shares = shares / shares.sum(dim=(1, 2), keepdim=True)
    members = attention.new_zeros(int(concepts[:, 0].max()) + 1, mentions)
    members[concepts[:, 0], concepts[:, 1]] = 1.0
    members = members / members.sum(dim=1, keepdim=True)
    shares = torch.einsum("cm,mwn->cwn", members, shares)
    return torch.einsum("cwn,whnk->chwk", shares, attention).reshape(-1, heads, windows * n)


def localized_context(hidden: Tensor, looks: Tensor, pairs: Tensor) -> Tensor:
    """Return the text that both arguments of each pair look at, as vectors float32[p, h].

    hidden: float32[windows, n, h]; looks: float32[c, heads, windows * n]; pairs: int64[p, 2]. Where
    two arguments look at nothing in common, 1e-5 keeps the vector near zero.
    """
    by_piece = looks.permute(2, 0, 1)
    shared = (by_piece @ by_piece.transpose(1, 2))[:, pairs[:, 0], pairs[:, 1]].T
    shared = shared / looks.shape[1]
    shared = shared / (shared.sum(dim=1, keepdim=True) + 1e-5)
    return shared @ hidden.flatten(0, 1)


def _mean_by(group: Tensor, rows: Tensor) -> Tensor:
    """Return the mean of the rows of each group; groups are numbered without a gap."""
    total = rows.new_zeros(int(group.max()) + 1, rows.shape[1]).index_add(0, group, rows)
    return total / torch.bincount(group)[:, None]
