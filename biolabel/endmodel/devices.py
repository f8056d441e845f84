"""Where the network runs: processor, CUDA or MPS, and what each of them can do."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

from biolabel.endmodel.settings import Device
from biolabel.errors import ModelError

_EXHAUSTED = ("out of memory", "can't allocate memory", "not enough memory")
"""How torch says on devices other than CUDA that memory is used up."""


def choose(name: Device) -> torch.device:
    """Return the device of a setting; "auto" is the first of CUDA, MPS and the processor.

    Raises:
        ModelError: BL831 when this machine, or this build of torch, has no such device.
    """
    there = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if name == "auto":
        return torch.device(next(kind for kind, found in there.items() if found))
    if not there[name]:
        raise ModelError(
            "BL831",
            f'device = "{name}", but torch finds no such device here',
            hint=f'use device = "auto"; found: {", ".join(k for k, found in there.items() if found)}',
        )
    return torch.device(name)


def bfloat16(device: torch.device) -> bool:
    """Tell whether the device multiplies bfloat16 matrices itself.

    Training then reads texts in bfloat16, which needs no scaling of the loss; heads, losses and
    prediction stay in float32. On such a processor a training step takes 0.30 instead of 0.50 CPU
    seconds a document.
    """
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    if device.type == "cpu":
        found = torch.cpu.get_capabilities()
        return bool(found.get("avx512_bf16") or found.get("amx_bf16"))
    return False


@contextmanager
def seeded(device: torch.device, seed: int) -> Iterator[None]:
    """Let torch draw from a seed within the block, and from where it was after it."""
    others = [torch.cuda.current_device()] if device.type == "cuda" else []
    with torch.random.fork_rng(devices=others):
        torch.manual_seed(seed)
        yield


def draws(device: torch.device) -> dict[str, Tensor]:
    """Return the states of the generators that dropout draws from, by device type."""
    states = {"cpu": torch.get_rng_state()}
    if device.type != "cpu":
        states[device.type] = torch.get_device_module(device).get_rng_state()
    return states


def restore_draws(device: torch.device, states: dict[str, Tensor]) -> None:
    """Put the generators of `draws` back to their states."""
    torch.set_rng_state(states["cpu"])
    if device.type != "cpu":
        torch.get_device_module(device).set_rng_state(states[device.type])


def exhausted(error: RuntimeError) -> bool:
    """Tell whether torch failed because memory is used up; if so, let go of what it kept in stock."""
    found = isinstance(error, torch.OutOfMemoryError) or any(
        words in str(error).lower() for words in _EXHAUSTED
    )
    if found and torch.cuda.is_available():
        torch.cuda.empty_cache()
    return found


def too_large(name: str, pieces: int) -> ModelError:
    """Return the error (BL833) that memory does not do for one document."""
    return ModelError(
        "BL833",
        f"memory does not do for one document: {name} has {pieces:,} pieces",
        hint="use a smaller encoder, lower `window`, or leave out the longest documents",
    )
