"""Settings of the end model, checked when they are made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from biolabel.errors import ModelError

Weighting = Literal["fixed", "uncertainty"]
Device = Literal["auto", "cpu", "cuda", "mps"]


@dataclass(frozen=True, slots=True)
class Settings:
    """How the end model reads, learns and stops.

    encoder: "builtin", a local folder or a hub name.
    window, overlap: the longest text read at once and what neighboring windows share, in pieces.
    frozen_layers: lowest encoder layers that stay as they are, and then the embeddings with them.
    epochs: passes over the training documents, unless that is fewer than `updates` optimizer steps.
    updates: least number of optimizer steps, so that a small corpus is read more often.
    rate, head_rate: peak learning rates of encoder and heads; warm_up: share of the steps until then.
      Learned from the soft labels of 400 training abstracts of BC5CDR, on the gold of the other 100: 4 epochs
      on the last layer, embeddings frozen, gave a mention F1 of .734 and a CID F1 of .528; 6 epochs
      on the last four layers, embeddings free, .764 and .576, with features of the spelling of words that
      were then left out: alone they gave .740 and .515.
    batch_pieces: pieces a batch, padding included. accumulate: batches an optimizer step.
    clip: largest norm of a gradient.
    balance: how strongly rare labels are raised, 0 = not, 1 = all labels weigh the same.
    confidence: how much less rows weigh of which the label model is not sure, 0 = all weigh the same,
      1 = a row with even odds weighs nothing.
    task_weights: factor of a task's loss, 1 where not named. weighting: "fixed" leaves it at them,
      "uncertainty" also learns a factor a task.
    patience: epochs without a smaller held-out loss after which training stops, 0 for never.
    device: where the network runs; "auto" is the first of CUDA, MPS and the processor that is there.
    """

    encoder: str = "builtin"
    window: int = 512
    overlap: int = 128
    frozen_layers: int = 0
    epochs: int = 6
    updates: int = 100
    rate: float = 3e-4
    head_rate: float = 1e-3
    warm_up: float = 0.1
    decay: float = 0.01
    dropout: float = 0.1
    batch_pieces: int = 2048
    accumulate: int = 1
    clip: float = 1.0
    balance: float = 0.0
    confidence: float = 0.0
    task_weights: Mapping[str, float] = field(default_factory=dict)
    weighting: Weighting = "fixed"
    patience: int = 0
    device: Device = "auto"

    def __post_init__(self) -> None:
        """Refuse values that no training could use.

        Raises:
            ModelError: BL820 naming the setting, what was found and what was expected.
        """
        for name, least, most in _RANGES:
            value = getattr(self, name)
            if not least <= value <= most:
                expected = (
                    f"expected {least} to {most}" if most < _ANY else f"expected at least {least}"
                )
                raise ModelError("BL820", f"end model setting {name} = {value}; {expected}")
        if self.overlap > self.window // 2:
            raise ModelError(
                "BL820",
                f"end model setting overlap = {self.overlap}; expected at most half of the window, "
                f"{self.window // 2}",
            )
        for name, choices in (("weighting", Weighting), ("device", Device)):
            if getattr(self, name) not in get_args(choices):
                raise ModelError(
                    "BL820",
                    f"end model setting {name} = {getattr(self, name)!r}; expected one of "
                    f"{', '.join(get_args(choices))}",
                )
        for task, weight in self.task_weights.items():
            if not 0 <= weight < _ANY:
                raise ModelError(
                    "BL820", f"end model task weight {task} = {weight}; expected at least 0"
                )


_ANY = float("inf")
_RANGES: tuple[tuple[str, float, float], ...] = (
    ("window", 8, _ANY),
    ("overlap", 0, _ANY),
    ("frozen_layers", 0, _ANY),
    ("epochs", 1, _ANY),
    ("updates", 0, _ANY),
    ("rate", 0, 1),
    ("head_rate", 0, 1),
    ("warm_up", 0, 1),
    ("decay", 0, 1),
    ("dropout", 0, 0.9),
    ("batch_pieces", 1, _ANY),
    ("accumulate", 1, _ANY),
    ("clip", 1e-6, _ANY),
    ("balance", 0, 1),
    ("confidence", 0, 1),
    ("patience", 0, _ANY),
)
