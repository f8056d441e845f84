"""How far a training is, as one file: a killed training goes on with the same final weights."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from pydantic import TypeAdapter
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, uint8

from biolabel.data.files import replacing_file
from biolabel.data.labels import Task
from biolabel.data.training import LabeledDocument
from biolabel.endmodel.model import Epoch
from biolabel.endmodel.settings import Settings
from biolabel.endmodel.targets import begins, rows
from biolabel.errors import ModelError

_FORMAT = "biolabel training 1"


@dataclass(frozen=True, slots=True)
class Checkpoints:
    """Where a training keeps how far it is, and how many seconds apart at least within an epoch."""

    path: Path
    seconds: float = 300.0


@dataclass(slots=True)
class Progressed:
    """How far a training is: `steps` of epoch number `epoch`, of which `generator` is the start.

    epochs: how many there are to be, which is known once the texts of an epoch are read; sums: the
    losses of the epoch so far; history: the epochs before; kept: the best of them, of which `best`
    are the weights; split: how often a batch had to be halved.
    """

    generator: Mapping[str, Any]
    epochs: int
    epoch: int = 0
    steps: int = 0
    sums: dict[str, float] = field(default_factory=dict)
    history: list[Epoch] = field(default_factory=list)
    kept: int = 0
    split: int = 0
    best: dict[str, Tensor] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Header:
    format: str
    of: str
    generator: dict[str, Any]
    epochs: int
    epoch: int
    steps: int
    sums: dict[str, float]
    history: tuple[Epoch, ...]
    kept: int
    split: int
    sum: int


_HEADER = TypeAdapter(_Header)


def fingerprint(
    documents: Sequence[LabeledDocument],
    held_out: Sequence[LabeledDocument],
    tasks: Sequence[Task],
    settings: Settings,
    generator: np.random.Generator,
) -> str:
    """Return a hash of all that a training depends on, but for the code."""
    digest = sha256()
    start = json.dumps(generator.bit_generator.state, sort_keys=True, default=str)
    for part in (*map(repr, tasks), repr(settings), start, str(len(documents))):
        digest.update(part.encode() + b"\0")
    for document in (*documents, *held_out):
        digest.update(f"{document.id}\0{document.text}\0{document.mentions!r}\0".encode())
        for task in tasks:
            labels, weight = rows(document, task)
            pairs = document.relations[task.name].pairs if task.name in document.relations else ()
            digest.update(repr(pairs).encode() + labels.tobytes() + weight.tobytes())
            if task.kind == "entity":
                digest.update(begins(document, task)[0].tobytes())
    return digest.hexdigest()


def save_checkpoint(
    place: Checkpoints, of: str, done: Progressed, state: Mapping[str, Tensor]
) -> None:
    """Write how far a training is, so that the file is always whole.

    of: the fingerprint of the training; state: weights, and what optimizer and generators hold.

    Raises:
        ModelError: BL830 when it cannot be written.
    """
    named = {f"best.{key}": value for key, value in done.best.items()}
    named |= {f"state.{key}": value for key, value in state.items()}
    tensors = {key: value.detach().cpu().contiguous() for key, value in named.items()}
    header = _Header(
        format=_FORMAT,
        of=of,
        generator=dict(done.generator),
        epochs=done.epochs,
        epoch=done.epoch,
        steps=done.steps,
        sums=done.sums,
        history=tuple(done.history),
        kept=done.kept,
        split=done.split,
        sum=_sum(tensors),
    )
    try:
        with replacing_file(place.path) as path:
            save_file(tensors, path, {"training": _HEADER.dump_json(header).decode()})
    except (OSError, SafetensorError) as error:
        raise ModelError(
            "BL830", f"the training's state cannot be written to {place.path}: {error}"
        ) from error


def load_checkpoint(place: Checkpoints, of: str) -> tuple[Progressed, dict[str, Tensor]] | None:
    """Return how far a training is and its state, None where there is no such file.

    Raises:
        ModelError: BL832 when the file is damaged or belongs to another training.
    """
    if not place.path.exists():
        return None
    hint = f"remove {place.path} to train from the start"
    try:
        with safe_open(place.path, framework="pt") as opened:
            header = _HEADER.validate_json((opened.metadata() or {}).get("training", ""))
            tensors = {key: opened.get_tensor(key) for key in opened.keys()}  # noqa: SIM118
        if header.sum != _sum(tensors):
            raise ValueError("other bytes are there than were written")
    except (OSError, SafetensorError, ValueError) as error:
        raise ModelError(
            "BL832", f"{place.path} is no state of a training, or is damaged", hint=hint
        ) from error
    if header.format != _FORMAT or header.of != of:
        raise ModelError(
            "BL832",
            f"{place.path} belongs to a training of other documents, tasks, labels or settings",
            hint=hint,
        )
    done = Progressed(
        generator=header.generator,
        epochs=header.epochs,
        epoch=header.epoch,
        steps=header.steps,
        sums=dict(header.sums),
        history=list(header.history),
        kept=header.kept,
        split=header.split,
        best=_under(tensors, "best."),
    )
    return done, _under(tensors, "state.")


def _sum(tensors: Mapping[str, Tensor]) -> int:
    """Return the check sum of tensors, which the format itself has none of."""
    found = 0
    for key in sorted(tensors):
        found = crc32(tensors[key].reshape(-1).view(uint8).numpy().data, found)
    return found


def _under(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {key.removeprefix(prefix): t for key, t in tensors.items() if key.startswith(prefix)}
