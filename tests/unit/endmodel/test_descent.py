"""Steps of the optimizer: several batches as one, too little memory, learned task weights."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from biolabel.data.labels import Task
from biolabel.data.training import LabeledDocument
from biolabel.endmodel.descent import Descent, Texts, schedule
from biolabel.endmodel.features import Features
from biolabel.endmodel.model import EndModel
from biolabel.endmodel.network import Logits, Network
from biolabel.endmodel.settings import Settings
from biolabel.endmodel.targets import measure
from biolabel.endmodel.train import train
from biolabel.errors import ModelError


def exhaust(monkeypatch: pytest.MonkeyPatch, most: int) -> list[int]:
    """Let the network run out of memory on batches of more than `most` documents."""
    seen: list[int] = []
    whole = Network.forward

    def forward(self: Network, batch: Sequence[Features]) -> Logits:
        seen.append(len(batch))
        if len(batch) > most:
            raise RuntimeError(
                "[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried"
            )
        return whole(self, batch)

    monkeypatch.setattr(Network, "forward", forward)
    return seen


def trained(
    documents: list[LabeledDocument], tasks: tuple[Task, ...], settings: Settings, **other: Any
) -> EndModel:
    return train(
        documents, tasks, replace(settings, **other), np.random.default_rng(0), held_out=[]
    )


def test_several_batches_have_the_gradient_of_one(
    model: EndModel, documents: list[LabeledDocument], settings: Settings
) -> None:
    still = replace(settings, rate=0.0, head_rate=0.0, decay=0.0, clip=1e9)
    balances = {task.name: measure(documents, task, 0.0) for task in model.tasks}
    texts = Texts(documents, [model.read(document) for document in documents])
    network = model.network.eval()
    descent = Descent(network, model.tasks, still, balances)
    gradients = []
    for batches in ([list(range(32))], [[5, 0], list(range(6, 32)), [1, 2, 3, 4]]):
        descent.step(texts, batches, 0.5)
        gradients.append([p.grad.clone() for p in network.parameters() if p.grad is not None])
    assert len(gradients[0]) > 20
    for one, other in zip(*gradients, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-3, atol=1e-5)


def test_batches_are_accumulated(
    documents: list[LabeledDocument],
    tasks: tuple[Task, ...],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken: list[int] = []
    step = Descent.step

    def counted(self: Descent, texts: Texts, batches: Any, share: float) -> Any:
        taken.append(len(batches))
        return step(self, texts, batches, share)

    monkeypatch.setattr(Descent, "step", counted)
    trained(documents, tasks, settings, epochs=1, batch_pieces=40, accumulate=3)
    assert set(taken[:-1]) == {3}
    assert 1 <= taken[-1] <= 3


def test_batches_are_halved_where_memory_is_used_up(
    documents: list[LabeledDocument],
    tasks: tuple[Task, ...],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kwargs = {"epochs": 1, "batch_pieces": 10_000}
    wanted = trained(documents, tasks, settings, **kwargs)
    seen = exhaust(monkeypatch, 5)
    found = trained(documents, tasks, settings, **kwargs)
    assert seen[:4] == [32, 16, 8, 4]
    assert found.split == 3
    assert wanted.split == 0
    assert found.epochs[0].training == pytest.approx(wanted.epochs[0].training, abs=0.02)


def test_memory_that_does_not_do_for_one_document(
    documents: list[LabeledDocument],
    tasks: tuple[Task, ...],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    exhaust(monkeypatch, 0)
    with pytest.raises(ModelError, match="memory does not do for one document") as caught:
        trained(documents, tasks, settings, epochs=1)
    assert caught.value.code == "BL833"
    assert "window" in caught.value.hint


def test_other_failures_are_not_taken_for_lack_of_memory(
    documents: list[LabeledDocument],
    tasks: tuple[Task, ...],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def forward(*given: object) -> Logits:
        raise RuntimeError(f"shapes of {len(given)} do not fit")

    monkeypatch.setattr(Network, "forward", forward)
    with pytest.raises(RuntimeError, match="do not fit"):
        trained(documents, tasks, settings, epochs=1)


def test_learned_weights_are_lower_for_the_noisier_task(
    model: EndModel, documents: list[LabeledDocument], settings: Settings
) -> None:
    # At the optimum exp(noise) is twice the loss of the task, whatever the loss is.
    balances = {task.name: measure(documents, task, 0.0) for task in model.tasks}
    frozen = replace(settings, weighting="uncertainty", rate=0.0, head_rate=0.2, decay=0.0)
    descent = Descent(model.network, model.tasks, frozen, balances)
    descent.optimizer.param_groups[1]["lr"] = 0.0
    descent._peaks[1] = 0.0
    texts = Texts(documents[:8], [model.read(document) for document in documents[:8]])
    for _ in range(40):
        found, _ = descent.step(texts, [list(range(8))], 0.1)
    noise = dict(zip([task.name for task in model.tasks], descent.noise.tolist(), strict=True))
    for name, loss in found.items():
        assert np.exp(noise[name]) == pytest.approx(2 * loss / 8, rel=0.1)


def test_the_rate_goes_up_and_then_down_to_nothing() -> None:
    rates = [schedule(share, 0.1) for share in (0.05, 0.1, 0.55, 1.0)]
    assert rates == pytest.approx([0.5, 1.0, 0.5, 0.0])
    assert torch.isfinite(torch.tensor(schedule(1.0, 1.0)))
