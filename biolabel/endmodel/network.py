"""The network: one encoder pass for a batch of documents feeds the heads of all tasks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence
from transformers import PreTrainedModel

from biolabel.data.labels import Task
from biolabel.endmodel.devices import bfloat16
from biolabel.endmodel.features import Features
from biolabel.endmodel.heads import (
    WORD_LAYERS,
    EntityHead,
    RelationHead,
    TopicHead,
    localized_context,
    pool_attention,
    pool_mentions,
)
from biolabel.errors import ModelError


@dataclass(frozen=True, slots=True)
class Logits:
    """What the network says of a batch, task name to rows of all its documents in order.

    entities: float32[words, k]; begins: float32[words]; relations: float32[pairs, k];
    topics: float32[documents, k].
    """

    entities: dict[str, Tensor] = field(default_factory=dict)
    begins: dict[str, Tensor] = field(default_factory=dict)
    relations: dict[str, Tensor] = field(default_factory=dict)
    topics: dict[str, Tensor] = field(default_factory=dict)


class Network(nn.Module):
    """An encoder and a head a task."""

    def __init__(
        self, encoder: PreTrainedModel, pad: int, tasks: Sequence[Task], dropout: float
    ) -> None:
        """Put fresh heads on an encoder; `pad` is the id of the padding piece."""
        super().__init__()
        width = encoder.config.hidden_size
        kinds = {"entity": EntityHead, "relation": RelationHead, "document": TopicHead}
        self.encoder = encoder
        self.pad = pad
        self.tasks = tuple(tasks)
        self.dropout = nn.Dropout(dropout)
        self.heads = nn.ModuleList(kinds[task.kind](width, len(task.labels)) for task in tasks)

    def forward(self, batch: Sequence[Features]) -> Logits:
        """Return the logits of a batch of documents, which must not be empty."""
        windows = [torch.from_numpy(window) for one in batch for window in one.windows]
        lengths = torch.tensor([len(window) for window in windows])
        ids = pad_sequence(windows, batch_first=True, padding_value=self.pad)
        mask = (torch.arange(ids.shape[1]) < lengths[:, None]).to(self.device)
        ids = ids.to(self.device)
        paired = any(len(pairs) for one in batch for pairs in one.pairs.values())
        kind = self.device.type
        with torch.autocast(kind, torch.bfloat16, enabled=self.training and bfloat16(self.device)):
            read = self.encoder(
                input_ids=ids,
                attention_mask=mask.long(),
                output_attentions=paired,
                output_hidden_states=True,
                return_dict=True,
            )
        hidden = self.dropout(read.last_hidden_state.float())
        counts = [len(one.windows) for one in batch]
        owner = torch.repeat_interleave(torch.arange(len(batch)), torch.tensor(counts))
        owner = owner.to(self.device)
        pairs = (
            _pair_vectors(batch, hidden.split(counts), read.attentions[-1].float().split(counts))
            if paired
            else {}
        )
        words = self.dropout(_word_vectors(batch, read.hidden_states[-WORD_LAYERS:], counts))
        documents = _document_vectors(hidden, mask, owner, len(batch))
        nothing = (hidden.new_zeros(0, hidden.shape[2]),) * 3
        logits = Logits()
        for task, head in zip(self.tasks, self.heads, strict=True):
            if task.kind == "entity":
                logits.entities[task.name], logits.begins[task.name] = head(words)
            elif task.kind == "document":
                logits.topics[task.name] = head(documents)
            else:
                logits.relations[task.name] = head(*pairs.get(task.name, nothing))
        return logits

    @property
    def device(self) -> torch.device:
        """Return where the network is, which is where its logits are."""
        return next(self.parameters()).device

    def start_from(self, priors: Mapping[str, Tensor]) -> None:
        """Let every head begin at the prior logits of its labels, so that rare labels cost no start-up.

        Source: Lin et al., "Focal Loss for Dense Object Detection" (ICCV 2017), section 3.3.
        """
        for task, head in zip(self.tasks, self.heads, strict=True):
            cast("EntityHead | RelationHead | TopicHead", head).start_from(priors[task.name])

    def freeze(self, layers: int) -> None:
        """Keep the lowest layers of the encoder as they are, and below them the embeddings.

        Raises:
            ModelError: BL820 when the encoder has no such number of layers.
        """
        depth = self.encoder.config.num_hidden_layers
        stacks = (m for m in self.encoder.modules() if isinstance(m, nn.ModuleList))
        stack = next((list(each) for each in stacks if len(each) == depth), [])
        if layers > len(stack):
            raise ModelError(
                "BL820",
                f"end model setting frozen_layers = {layers}; the encoder has {len(stack)} layers "
                "that can be frozen",
            )
        if layers:
            self.encoder.requires_grad_(False)
        for layer in stack[layers:]:
            layer.requires_grad_(True)


def _word_vectors(
    batch: Sequence[Features], layers: Sequence[Tensor], counts: Sequence[int]
) -> Tensor:
    """Return the vectors of all words by layer, float32[layers, w, h]."""
    first = np.cumsum([0, *counts[:-1]])
    places = [one.words + np.array([start, 0]) for one, start in zip(batch, first, strict=True)]
    index = torch.from_numpy(np.concatenate(places)).to(layers[0].device)
    return torch.stack([layer[index[:, 0], index[:, 1]].float() for layer in layers])


def _document_vectors(hidden: Tensor, mask: Tensor, owner: Tensor, documents: int) -> Tensor:
    """Return the mean vector of all pieces of each document, float32[d, h]."""
    sums = (hidden * mask[:, :, None]).sum(dim=1)
    pieces = hidden.new_zeros(documents).index_add(0, owner, mask.sum(dim=1).float())
    return hidden.new_zeros(documents, hidden.shape[2]).index_add(0, owner, sums) / pieces[:, None]


def _pair_vectors(
    batch: Sequence[Features], hidden: Sequence[Tensor], attention: Sequence[Tensor]
) -> dict[str, tuple[Tensor, Tensor, Tensor]]:
    """Return subject, object and context vectors of all pairs, by task."""
    parts: dict[str, list[tuple[Tensor, Tensor, Tensor]]] = {}
    for one, vectors, weights in zip(batch, hidden, attention, strict=True):
        if not len(one.concepts):
            continue
        places = torch.from_numpy(one.mentions).to(vectors.device)
        concepts = torch.from_numpy(one.concepts).to(vectors.device)
        pooled = pool_mentions(vectors, places, concepts)
        looks = pool_attention(weights, places, concepts)
        for task, rows in one.pairs.items():
            pairs = torch.from_numpy(rows).to(vectors.device)
            context = localized_context(vectors, looks, pairs)
            found = (pooled[pairs[:, 0]], pooled[pairs[:, 1]], context)
            parts.setdefault(task, []).append(found)
    return {
        task: (
            torch.cat([subject for subject, _, _ in found]),
            torch.cat([object_ for _, object_, _ in found]),
            torch.cat([context for _, _, context in found]),
        )
        for task, found in parts.items()
    }
