"""Devices: the one that is asked for, its random draws, and its memory."""

import pytest
import torch

from biolabel.endmodel.devices import bfloat16, choose, draws, exhausted, restore_draws, seeded
from biolabel.errors import ModelError


def test_auto_is_a_device_that_is_there() -> None:
    assert torch.zeros(1, device=choose("auto")).sum() == 0
    assert choose("cpu").type == "cpu"


def test_a_device_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ModelError) as caught:
        choose("cuda")
    assert caught.value.code == "BL831"
    assert "cpu" in caught.value.hint


def test_draws_are_put_back() -> None:
    device = torch.device("cpu")
    outside = torch.get_rng_state()
    with seeded(device, 3):
        before = draws(device)
        first = torch.rand(3)
        restore_draws(device, before)
        assert torch.equal(torch.rand(3), first)
    assert torch.equal(torch.get_rng_state(), outside)


def test_lack_of_memory_is_told_from_other_failures() -> None:
    assert exhausted(torch.OutOfMemoryError("CUDA out of memory"))
    assert exhausted(RuntimeError("MPS backend out of memory"))
    assert exhausted(RuntimeError("DefaultCPUAllocator: can't allocate memory"))
    assert not exhausted(RuntimeError("mat1 and mat2 shapes cannot be multiplied"))


def test_whether_the_processor_knows_bfloat16(monkeypatch: pytest.MonkeyPatch) -> None:
    for found, wanted in (({"amx_bf16": True}, True), ({"avx2": True}, False)):
        monkeypatch.setattr(torch.cpu, "get_capabilities", lambda found=found: found)
        assert bfloat16(torch.device("cpu")) is wanted
