"""Soft-labeled documents: what augmentation transforms and the end model trains on."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from biolabel.data.documents import Mention


@dataclass(frozen=True, slots=True)
class WordLabels:
    """Soft labels of one entity task over a document's words.

    probabilities: float32[w, k], the task's labels in order; weight: float32[w], 0 = masked.
    """

    probabilities: NDArray[np.float32]
    weight: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class PairLabels:
    """Soft labels of one relation task over a document's pairs of concepts or of mentions.

    pairs: (subject, object) each, CURIEs or mention keys; probabilities: float32[p, k]; weight:
    float32[p].
    """

    pairs: tuple[tuple[str, str], ...]
    probabilities: NDArray[np.float32]
    weight: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TopicLabels:
    """Soft labels of one document task: probabilities float32[k] and a weight."""

    probabilities: NDArray[np.float32]
    weight: float


@dataclass(frozen=True, slots=True)
class LabeledDocument:
    """A document with words, mentions and soft labels of any number of tasks.

    words: int32[w, 2], start and end of each word in code points of `text`. `mentions` are the
    arguments of the pairs: whatever a pair names is a name of at least one mention. For
    prediction the label mappings hold pairs with zero weights and no word or topic labels.
    """

    id: str
    text: str
    words: NDArray[np.int32]
    mentions: tuple[Mention, ...]
    entities: Mapping[str, WordLabels] = field(default_factory=dict)
    relations: Mapping[str, PairLabels] = field(default_factory=dict)
    topics: Mapping[str, TopicLabels] = field(default_factory=dict)
