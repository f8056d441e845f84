"""The pool: new versions of every training document, and what verification made of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from biolabel.augment.choice import Name
from biolabel.augment.policy import sequence
from biolabel.augment.settings import Settings
from biolabel.augment.transformations import Transformation, weakest
from biolabel.augment.verify import Ground, Tally, Verified, verify
from biolabel.augment.version import Version
from biolabel.data.progress import Progress, silent
from biolabel.data.training import LabeledDocument


@dataclass(frozen=True, slots=True)
class Variant:
    """A new version of a document as the end model learns from it, and the transformations behind it."""

    document: LabeledDocument
    made: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the new versions that a transformation had a part in.

    made: how many there were; dropped: those of which no label was left; tallies: rows by task.
    """

    made: int = 0
    dropped: int = 0
    tallies: Mapping[str, Tally] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Pool:
    """New versions by the id of their document, and the outcome of each transformation.

    probabilities: of the mean-field policy that drew them, empty for others.
    """

    variants: Mapping[str, Sequence[Variant]]
    outcomes: Mapping[str, Outcome]
    probabilities: Mapping[str, float] = field(default_factory=dict)

    def pick(
        self, document: LabeledDocument, share: float, generator: np.random.Generator
    ) -> LabeledDocument:
        """Return one of a document's new versions with probability `share`, else the document."""
        variants = self.variants.get(document.id, ())
        if not variants or generator.random() >= share:
            return document
        return variants[int(generator.integers(len(variants)))].document


def make_pool(
    versions: Sequence[Version],
    known: Mapping[Name, Transformation],
    settings: Settings,
    probabilities: Mapping[Name, float],
    generator: np.random.Generator,
    ground: Ground | None = None,
    progress: Progress = silent,
) -> Pool:
    """Make `copies` new versions of each document and let the rules judge them.

    probabilities: those of a mean-field policy, be they the settings' own or learned; ground: the same
    documents as the rules read them, None to keep all labels unchecked. What no drawn transformation
    changes is no new version, and a document without labels has none.

    Raises:
        ModelError: BL841 as `policy.sequence`.
    """
    names = [name for name in known if name in settings.rates]
    labeled = [place for place, version in enumerate(versions) if has_labels(version.document)]
    variants: defaultdict[str, list[Variant]] = defaultdict(list)
    outcomes: dict[str, Outcome] = {name: Outcome() for name in names}
    copies = settings.copies if settings.policy != "none" else 0
    for _ in progress(range(copies), name="augmentation", total=copies):
        places: list[int] = []
        changed: list[Version] = []
        for place in labeled:
            new = versions[place]
            for name in sequence(settings.policy, names, probabilities, settings.length, generator):
                new = known[name](new, generator)
            if new.made:
                places.append(place)
                changed.append(new)
        for new, found in zip(changed, judged(ground, places, changed, known), strict=True):
            lost = not has_labels(found.document)
            for made in new.made:
                outcomes[made] = _with(outcomes[made], found, lost=lost)
            if not lost:
                variants[new.document.id].append(Variant(found.document, new.made))
    drawn = settings.policy in ("mean-field", "learned")
    return Pool(
        dict(variants),
        outcomes,
        {str(n): probabilities[n] for n in names if n in probabilities} if drawn else {},
    )


def judged(
    ground: Ground | None,
    places: Sequence[int],
    changed: Sequence[Version],
    known: Mapping[Name, Transformation],
) -> list[Verified]:
    """Return changed documents with the labels that the rules leave them, all without a ground."""
    if ground is None:
        return [Verified(version.document, {}) for version in changed]
    promises = {name: transformation.keeps for name, transformation in known.items()}
    keeps = [weakest([k for n, k in promises.items() if n in v.made]) for v in changed]
    return verify(ground, places, changed, keeps)


def has_labels(document: LabeledDocument) -> bool:
    """Tell whether any row of any task has a weight."""
    words = any(labels.weight.any() for labels in document.entities.values())
    pairs = any(labels.weight.any() for labels in document.relations.values())
    return words or pairs or any(labels.weight > 0 for labels in document.topics.values())


def _with(outcome: Outcome, found: Verified, *, lost: bool) -> Outcome:
    tallies = dict(outcome.tallies)
    for task, tally in found.tallies.items():
        tallies[task] = tallies.get(task, Tally()) + tally
    return Outcome(outcome.made + 1, outcome.dropped + lost, tallies)
