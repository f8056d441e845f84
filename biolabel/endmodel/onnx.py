"""The end model for other runtimes: one ONNX graph from pieces to the probabilities of all tasks."""

import warnings
from collections.abc import Mapping, Sequence
from copy import deepcopy
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from biolabel.data.files import replacing_file
from biolabel.data.labels import Task
from biolabel.endmodel.encoder import quiet
from biolabel.endmodel.features import Features
from biolabel.endmodel.heads import (
    WORD_LAYERS,
    EntityHead,
    RelationHead,
    TopicHead,
    localized_context,
)
from biolabel.endmodel.model import EndModel
from biolabel.endmodel.predict import probabilities
from biolabel.errors import ModelError

Arrays = Mapping[str, NDArray[np.generic]]
_NEEDED = ("onnx", "onnxscript")
_OPSET = 18
_AXES = {"pieces": 2, "mask": 2, "words": 1, "mentions": 3, "members": 2}
"""Inputs beside the pairs, and how many of their axes, from the first, differ from text to text."""


def export_onnx(model: EndModel, path: Path) -> None:
    """Write an ONNX graph that reads one document: inputs as `inputs` makes them, outputs by task.

    Outputs: TASK float32[w, k] of words, float32[p, k] of pairs or float32[1, k] of the document, with
    the temperatures of the model; TASK.begins float32[w] of entity tasks.

    Raises:
        ModelError: BL830 when the file cannot be written, BL835 when the packages for it are missing
            or the encoder cannot be exported.
    """
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise ModelError(
            "BL835", f"not installed: {', '.join(missing)}", hint="pip install biolabel[onnx]"
        )
    pairs = [task.name for task in model.tasks if task.kind == "relation"]
    flat = _Flat(model).eval()
    example = _example(len(pairs))
    sizes = [dict.fromkeys(range(axes), torch.export.Dim.AUTO) for axes in _AXES.values()]
    several = tuple({0: torch.export.Dim.AUTO} for _ in pairs)
    try:
        with quiet(), torch.inference_mode(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the exporter warns of its own parts
            program = torch.onnx.export(
                flat,
                example,
                dynamo=True,
                verbose=False,
                opset_version=_OPSET,
                input_names=[*_AXES, *(f"pairs.{name}" for name in pairs)],
                output_names=outputs(model.tasks),
                dynamic_shapes=(*sizes, several),
            )
    except torch.onnx.OnnxExporterError as error:
        reason = str(error.__cause__ or error).strip().splitlines()[0]
        raise ModelError("BL835", f"this encoder cannot be exported: {reason}") from error
    if program is None:
        raise ModelError("BL835", "this encoder cannot be exported")
    try:
        with replacing_file(path) as temporary:
            program.save(str(temporary), external_data=False)
    except OSError as error:
        raise ModelError("BL830", f"the graph cannot be written to {path}: {error}") from error


def outputs(tasks: Sequence[Task]) -> list[str]:
    """Return the names of the graph's outputs in order."""
    names = [task.name for task in tasks]
    return [*names, *(f"{task.name}.begins" for task in tasks if task.kind == "entity")]


def inputs(features: Features, pad: int) -> dict[str, NDArray[np.generic]]:
    """Return a document as the graph reads it.

    pieces, mask: int64[windows, n]; words: int64[w, 2], window and column; mentions: float32[m, windows,
    n], how much each piece is of each mention; members: float32[c, m], 1 where a mention is of a concept;
    pairs.TASK: int64[p, 2], rows of `members`. Where a document has no word, mention or pair, there is
    one that stands at its first piece, and its row of the output means nothing. pad: id of the padding.
    """
    width = max(len(window) for window in features.windows)
    pieces = np.full((len(features.windows), width), pad, dtype=np.int64)
    mask = np.zeros_like(pieces)
    for row, window in enumerate(features.windows):
        pieces[row, : len(window)], mask[row, : len(window)] = window, 1
    places = features.mentions if len(features.mentions) else np.zeros((1, 3), dtype=np.int64)
    concepts = features.concepts if len(features.concepts) else np.zeros((1, 2), dtype=np.int64)
    mentions = np.zeros((int(places[:, 0].max()) + 1, *pieces.shape), dtype=np.float32)
    mentions[places[:, 0], places[:, 1], places[:, 2]] = 1
    mentions /= mentions.sum(axis=(1, 2), keepdims=True)
    members = np.zeros((int(concepts[:, 0].max()) + 1, len(mentions)), dtype=np.float32)
    members[concepts[:, 0], concepts[:, 1]] = 1
    nothing = np.zeros((1, 2), dtype=np.int64)
    return {
        "pieces": pieces,
        "mask": mask,
        "words": features.words if len(features.words) else nothing,
        "mentions": mentions,
        "members": members,
        **{
            f"pairs.{name}": rows if len(rows) else nothing for name, rows in features.pairs.items()
        },
    }


class _Flat(nn.Module):
    """The network on one document, in operations that every runtime has."""

    def __init__(self, model: EndModel) -> None:
        super().__init__()
        network = deepcopy(model.network).cpu()
        self.encoder = network.encoder
        self.encoder.set_attn_implementation("eager")
        self.heads, self.tasks = network.heads, model.tasks
        self.heats = [model.temperature(task.name) for task in model.tasks]

    def forward(
        self,
        pieces: Tensor,
        mask: Tensor,
        words: Tensor,
        mentions: Tensor,
        members: Tensor,
        pairs: tuple[Tensor, ...],
    ) -> tuple[Tensor, ...]:
        read = self.encoder(
            input_ids=pieces,
            attention_mask=mask,
            output_attentions=True,
            output_hidden_states=True,
            return_dict=True,
        )
        layers = torch.stack(read.hidden_states[-WORD_LAYERS:])
        hidden, attention = read.last_hidden_state, read.attentions[-1]
        means = torch.einsum("mwn,wnh->mh", mentions, hidden)
        # Where a mention is no member, its exponent is as good as minus infinity.
        exponents = (members[:, :, None] - 1) * 1e9
        concepts = torch.logsumexp(means[None] + exponents, dim=1)
        shares = members / members.sum(dim=1, keepdim=True)
        shares = torch.einsum("cm,mwn->cwn", shares, mentions)
        looks = torch.einsum("cwn,whnk->chwk", shares, attention).flatten(2)
        whole = (hidden * mask[:, :, None]).sum(dim=(0, 1)) / mask.sum()
        found: list[Tensor] = []
        begins: list[Tensor] = []
        left = iter(pairs)
        for task, head, heat in zip(self.tasks, self.heads, self.heats, strict=True):
            if isinstance(head, EntityHead):
                logits, begin = head(layers[:, words[:, 0], words[:, 1]])
                begins.append(torch.sigmoid(begin))
            elif isinstance(head, RelationHead):
                rows = next(left)
                context = localized_context(hidden, looks, rows)
                logits = head(concepts[rows[:, 0]], concepts[rows[:, 1]], context)
            elif isinstance(head, TopicHead):
                logits = head(whole[None])
            found.append(probabilities(task, logits / heat))
        return (*found, *begins)


def _example(relations: int) -> tuple[Tensor | tuple[Tensor, ...], ...]:
    """Return a document of two windows and three of everything, by whose shapes the graph is drawn."""
    mentions = torch.zeros(3, 2, 7)
    mentions[:, :, 1] = 0.5
    return (
        torch.ones(2, 7, dtype=torch.long),
        torch.ones(2, 7, dtype=torch.long),
        torch.ones(5, 2, dtype=torch.long),
        mentions,
        torch.ones(4, 3),
        tuple(torch.tensor([[0, 1], [2, 3], [1, 0]]) for _ in range(relations)),
    )
