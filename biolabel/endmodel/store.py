"""The end model as a folder: safetensors, tokenizer, model.json and a model card."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from pydantic import TypeAdapter
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor
from transformers import AutoConfig, AutoModel, PretrainedConfig

from biolabel import __version__
from biolabel.data.files import replacing_folder
from biolabel.data.labels import Task
from biolabel.endmodel.calibration import Quality
from biolabel.endmodel.devices import choose
from biolabel.endmodel.encoder import ATTENTION, attending, quiet, read_tokenizer
from biolabel.endmodel.folders import foreign, refusal
from biolabel.endmodel.model import EndModel, Epoch
from biolabel.endmodel.network import Network
from biolabel.endmodel.settings import Device, Settings
from biolabel.errors import ModelError

MANIFEST = "model.json"
WEIGHTS = "model.safetensors"
FORMAT = "biolabel end model 2"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What model.json holds beside the weights; `pad` is the id of the padding piece."""

    format: str
    biolabel: str
    tasks: tuple[Task, ...]
    settings: Settings
    window: int
    pad: int
    epochs: tuple[Epoch, ...]
    kept: int
    split: int
    quality: Mapping[str, Quality]
    rules: Mapping[str, str]


_MANIFEST = TypeAdapter(Manifest)


def save(model: EndModel, folder: Path) -> None:
    """Write a model as a folder, which appears complete or not at all.

    An end model that stands there is replaced.

    Raises:
        ModelError: BL830 when something else stands there or the folder cannot be written.
    """
    if folder.exists() and not (folder / MANIFEST).is_file():
        raise ModelError(
            "BL830", f"{folder} exists and is no end model", hint="name a new folder for the model"
        )
    manifest = Manifest(
        format=FORMAT,
        biolabel=__version__,
        tasks=model.tasks,
        settings=model.settings,
        window=model.window,
        pad=model.network.pad,
        epochs=model.epochs,
        kept=model.kept,
        split=model.split,
        quality=model.quality,
        rules=model.rules,
    )
    weights = {key: value.cpu().contiguous() for key, value in model.network.state_dict().items()}
    try:
        with replacing_folder(folder) as place, quiet():
            model.network.encoder.config.save_pretrained(place)
            model.tokenizer.save_pretrained(place)
            save_file(weights, place / WEIGHTS)
            (place / MANIFEST).write_bytes(_MANIFEST.dump_json(manifest, indent=2))
            (place / "README.md").write_text(card(model), encoding="utf-8")
    except (OSError, SafetensorError) as error:
        raise ModelError(
            "BL830", f"the end model cannot be written to {folder}: {error}"
        ) from error


def _check_size(config: PretrainedConfig, weights: Mapping[str, Tensor]) -> None:
    """Refuse, before any memory is taken, a configuration that is larger than its weights: ValueError."""
    with torch.device("meta"):
        encoder = AutoModel.from_config(config)  # type: ignore[no-untyped-call]
    wanted = sum(part.numel() for part in encoder.parameters())
    there = sum(part.numel() for part in weights.values())
    if wanted > there:
        raise ValueError(f"config.json asks for {wanted:,} numbers, the weights have {there:,}")


def load(folder: Path, tasks: Sequence[Task] | None = None, device: Device = "auto") -> EndModel:
    """Read a model that `save` wrote, ready to predict; nothing is unpickled and no code runs.

    tasks: what the model is to predict; None for whatever it does.

    Raises:
        ModelError: BL828 when the folder is no end model, BL829 when a part of it is missing or
            damaged, BL831 when the device is not there, BL834 when it has other tasks or labels.
    """
    if not (folder / MANIFEST).is_file():
        raise ModelError(
            "BL828",
            f"{folder} is no end model: it has no {MANIFEST}",
            hint="name the folder that training wrote",
        )
    what = f"the end model in {folder} is damaged"
    with foreign("BL829", what, "train it again"):
        if reason := refusal(folder):
            raise ModelError("BL829", f"{what}: {reason}", hint="train it again")
        manifest = _MANIFEST.validate_json((folder / MANIFEST).read_bytes())
        if manifest.format != FORMAT:
            raise ModelError(
                "BL828", f"{folder} says format {manifest.format!r}; expected {FORMAT!r}"
            )
        weights = load_file(folder / WEIGHTS)
        where: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
        with quiet(), torch.random.fork_rng(devices=[]):
            config = attending(AutoConfig.from_pretrained(folder, **where))
            tokenizer = read_tokenizer(str(folder), **where)
            _check_size(config, weights)
            encoder = AutoModel.from_config(  # type: ignore[no-untyped-call]
                config, attn_implementation=ATTENTION
            )
        network = Network(encoder, manifest.pad, manifest.tasks, manifest.settings.dropout)
        network.load_state_dict(weights)
    if tasks is not None and manifest.tasks != tuple(tasks):
        raise ModelError(
            "BL834",
            f"the end model in {folder} predicts {_tasks_in_words(manifest.tasks)}; expected "
            f"{_tasks_in_words(tasks)}",
            hint="train it again, or use the rules that it was trained with",
        )
    network.eval()
    return EndModel(
        network=network.to(choose(device)),
        tokenizer=tokenizer,
        tasks=manifest.tasks,
        settings=manifest.settings,
        window=manifest.window,
        epochs=manifest.epochs,
        kept=manifest.kept,
        split=manifest.split,
        quality=manifest.quality,
        rules=manifest.rules,
    )


def _tasks_in_words(tasks: Sequence[Task]) -> str:
    return ", ".join(f"{task.name} ({task.kind}: {', '.join(task.labels)})" for task in tasks)


def card(model: EndModel) -> str:
    """Return the model card as Markdown: what the model predicts, how it was made, what to mind."""
    tasks = "\n".join(
        f"| {task.name} | {task.kind} | {', '.join(task.labels)} |" for task in model.tasks
    )
    epochs = "\n".join(
        f"| {number}{' (kept)' if number == model.kept + 1 else ''} | {sum(epoch.training.values()):.4f} "
        f"| {sum(epoch.held_out.values()):.4f} | {epoch.seconds:.0f} |"
        for number, epoch in enumerate(model.epochs, start=1)
    )
    quality = "\n".join(
        f"| {name} | {each.rows:,} | {each.agreement:.1%} | {each.before:.4f} | {each.after:.4f} "
        f"| {each.temperature:.2f} |"
        for name, each in model.quality.items()
    )
    rules = "\n".join(f"| {name} | {digest} |" for name, digest in model.rules.items())
    return f"""# A biolabel end model

| task | kind | labels |
|---|---|---|
{tasks}

Trained by biolabel {__version__} from the encoder `{model.settings.encoder}` on soft labels, which rules
and a label model made without hand-labeled documents. It reads up to {model.window} word pieces at once.

| epoch | training loss | held-out loss | seconds |
|---|---|---|---|
{epochs}

On held-out documents, against their soft labels, before and after scaling by a temperature:

| task | rows | same label | cross-entropy | scaled | temperature |
|---|---|---|---|---|---|
{quality}

Batches that were halved for lack of memory: {model.split}. Rule files behind the labels:

| file | SHA-256 |
|---|---|
{rules}

Its errors are those of the rules, too: look at predictions before you rely on them, and at texts
unlike the training texts first. Load it with `biolabel.endmodel.store.load(folder)`.
"""
