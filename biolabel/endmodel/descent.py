"""One optimizer step after the other: what changes the weights of the network in training."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.utils import clip_grad_norm_

from biolabel.data.labels import Task
from biolabel.data.training import LabeledDocument
from biolabel.endmodel.devices import draws, exhausted, restore_draws, too_large
from biolabel.endmodel.features import Features
from biolabel.endmodel.network import Network
from biolabel.endmodel.settings import Settings
from biolabel.endmodel.targets import Balance, losses
from biolabel.errors import ModelError


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one epoch, labeled and as the network reads them, one each a document."""

    documents: Sequence[LabeledDocument]
    features: Sequence[Features]


class Descent:
    """AdamW on a network, with what it holds between two steps."""

    def __init__(
        self,
        network: Network,
        tasks: Sequence[Task],
        settings: Settings,
        balances: Mapping[str, Balance],
    ) -> None:
        """Begin with a fresh optimizer."""
        self.network, self.tasks = network, tuple(tasks)
        self.settings, self.balances = settings, balances
        # Twice the logarithm of each task's noise.
        self.noise = nn.Parameter(torch.zeros(len(self.tasks), device=network.device))
        encoder = [each for each in network.encoder.parameters() if each.requires_grad]
        self.optimizer = torch.optim.AdamW(
            [
                {"params": encoder, "lr": settings.rate},
                {"params": list(network.heads.parameters()), "lr": settings.head_rate},
                {"params": [self.noise], "lr": settings.head_rate, "weight_decay": 0.0},
            ],
            weight_decay=settings.decay,
        )
        self._peaks = [group["lr"] for group in self.optimizer.param_groups]

    def step(
        self, texts: Texts, batches: Sequence[Sequence[int]], share: float
    ) -> tuple[dict[str, float], int]:
        """Change the weights once by the gradient of some batches, and return the sums of losses.

        share: how much of the training is done after the step, 0 to 1. The second part of the result
        says how often batches had to be halved because memory was used up; the gradient is the same
        but for rounding and dropout.

        Raises:
            ModelError: BL827 when the loss is no number, BL833 when memory does not do for one document.
        """
        for group, peak in zip(self.optimizer.param_groups, self._peaks, strict=True):
            group["lr"] = peak * schedule(share, self.settings.warm_up)
        split = 0
        while (found := self._gradient(texts, batches)) is None:
            split += 1
            batches = _halved(texts, batches)
        clip_grad_norm_(self.network.parameters(), self.settings.clip)
        self.optimizer.step()
        return found, split

    def state(self) -> dict[str, Tensor]:
        """Return all that the next steps depend on: weights, the optimizer's moments, random draws."""
        moments = {
            f"optimizer.{number}.{name}": value
            for number, held in self.optimizer.state_dict()["state"].items()
            for name, value in held.items()
        }
        weights = {f"network.{key}": value for key, value in self.network.state_dict().items()}
        random = {f"random.{key}": value for key, value in draws(self.network.device).items()}
        return {**moments, **weights, **random, "noise": self.noise.data}

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """Go back to what `state` returned."""
        parts: dict[str, dict[str, Tensor]] = {}
        for key, value in state.items():
            part, _, rest = key.partition(".")
            parts.setdefault(part, {})[rest] = value
        moments: dict[int, dict[str, Tensor]] = {}
        for key, value in parts["optimizer"].items():
            number, _, name = key.partition(".")
            moments.setdefault(int(number), {})[name] = value
        with torch.no_grad():
            self.noise.copy_(state["noise"])
        groups = self.optimizer.state_dict()["param_groups"]
        self.optimizer.load_state_dict({"state": moments, "param_groups": groups})
        self.network.load_state_dict(parts["network"])
        restore_draws(self.network.device, parts["random"])

    def _gradient(self, texts: Texts, batches: Sequence[Sequence[int]]) -> dict[str, float] | None:
        """Leave the gradient of batches in the network; None where memory is used up."""
        total = sum(len(batch) for batch in batches)
        sums: dict[str, float] = {}
        self.optimizer.zero_grad()
        try:
            for batch in batches:
                logits = self.network([texts.features[i] for i in batch])
                documents = [texts.documents[i] for i in batch]
                found = losses(
                    logits, documents, self.tasks, self.balances, self.settings.confidence
                )
                loss = self._weighed(found) * (len(batch) / total)
                if not torch.isfinite(loss):
                    raise ModelError(
                        "BL827",
                        f"the loss of the end model became {loss.item()}",
                        hint="lower `rate` and `head_rate` in the end model's settings",
                    )
                torch.autograd.backward(loss)
                for task, each in found.items():
                    sums[task] = sums.get(task, 0.0) + each.item() * len(batch)
        except RuntimeError as error:
            if not exhausted(error):
                raise
            return None
        return sums

    def _weighed(self, found: Mapping[str, Tensor]) -> Tensor:
        """Return the losses of the tasks as one.

        Source of learned weights: Kendall, Gal, Cipolla, "Multi-Task Learning Using Uncertainty to
        Weigh Losses for Scene Geometry and Semantics" (CVPR 2018), equation 10.
        """
        parts = []
        for task, noise in zip(self.tasks, self.noise, strict=True):
            if task.name in found:
                loss = found[task.name]
                if self.settings.weighting == "uncertainty":
                    loss = loss * torch.exp(-noise) + noise / 2
                parts.append(self.settings.task_weights.get(task.name, 1.0) * loss)
        return torch.stack(parts).sum()


def schedule(share: float, warm_up: float) -> float:
    """Return the factor of the learning rate after a share of the training: up, then down to 0."""
    return share / warm_up if share < warm_up else (1 - share) / max(1 - warm_up, 1e-9)


def _halved(texts: Texts, batches: Sequence[Sequence[int]]) -> list[Sequence[int]]:
    if all(len(batch) == 1 for batch in batches):
        longest = max(
            (i for batch in batches for i in batch), key=lambda i: texts.features[i].pieces
        )
        raise too_large(texts.documents[longest].id, texts.features[longest].pieces)
    halves = []
    for batch in batches:
        middle = (len(batch) + 1) // 2
        halves += [part for part in (batch[:middle], batch[middle:]) if part]
    return halves
