"""The trained end model as one value: network, tokenizer, tasks and how it came about."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from transformers import PreTrainedTokenizerFast

from biolabel.data.labels import Task
from biolabel.data.training import LabeledDocument
from biolabel.endmodel.calibration import Quality
from biolabel.endmodel.features import Features, featurize
from biolabel.endmodel.network import Network
from biolabel.endmodel.settings import Settings


@dataclass(frozen=True, slots=True)
class Epoch:
    """One pass over the training documents: mean losses by task in nats, and its seconds.

    `held_out` is empty where no documents were held out.
    """

    training: Mapping[str, float]
    held_out: Mapping[str, float]
    seconds: float


@dataclass(frozen=True, slots=True)
class EndModel:
    """A trained end model; `kept` is the index of the epoch whose weights it has.

    `window` is the number of pieces that its encoder reads at once; `split` says how often a batch of the
    training had to be halved because memory was used up. `quality` says how the model does on held-out
    documents, by task, and has the temperatures of its probabilities; `rules` are the hashes of the rule
    files behind its soft labels, by name.
    """

    network: Network
    tokenizer: PreTrainedTokenizerFast
    tasks: tuple[Task, ...]
    settings: Settings
    window: int
    epochs: tuple[Epoch, ...] = ()
    kept: int = 0
    split: int = 0
    quality: Mapping[str, Quality] = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)

    def temperature(self, task: str) -> float:
        """Return what the logits of a task are divided by: 1 where no documents were held out."""
        return self.quality[task].temperature if task in self.quality else 1.0

    def read(self, document: LabeledDocument) -> Features:
        """Return a checked document as the network reads it."""
        return featurize(
            document,
            self.tasks,
            self.tokenizer,
            self.window,
            min(self.settings.overlap, self.window // 4),
        )
