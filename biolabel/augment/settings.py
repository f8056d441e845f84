"""Settings of augmentation, checked when they are made."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from biolabel.augment.choice import NAMES, POLICIES, RATES, Name, Policy
from biolabel.augment.spots import check_rate
from biolabel.errors import ModelError
from biolabel.lang.nearest import did_you_mean


@dataclass(frozen=True, slots=True)
class Settings:
    """Which new versions of documents are made, and how often one takes its document's place.

    policy, length: as `policy.sequence` draws; probabilities: of the mean-field policy, all alike where
    none are given. rates: each transformation that is used, with its rate. copies: new versions a
    document. share: how often a training document is read as one of its new versions in an epoch.
    verify: whether the rules judge new versions.
    """

    policy: Policy = "mean-field"
    rates: Mapping[Name, float] = field(default_factory=lambda: dict(RATES))
    probabilities: Mapping[Name, float] = field(default_factory=dict)
    length: int = 2
    copies: int = 4
    share: float = 0.5
    verify: bool = True

    def __post_init__(self) -> None:
        """Refuse values that no augmentation could use.

        Raises:
            ModelError: BL840 for a rate or share that is no probability, BL842 for other values.
        """
        if self.policy not in POLICIES:
            raise _unknown("policy", self.policy, POLICIES)
        for name, rate in self.rates.items():
            if name not in NAMES:
                raise _unknown("transformation", name, NAMES)
            check_rate(name, rate)
        check_rate("share", self.share)
        for name in self.probabilities:
            if name not in self.rates:
                raise _unknown("transformation with a probability", name, tuple(self.rates))
        if self.length < 1 or self.copies < 0:
            found = f"length {self.length} and copies {self.copies}"
            raise ModelError("BL842", f"augmentation with {found}; expected 1 and 0 at least")

    def mean_field(self) -> Mapping[Name, float]:
        """Return the probabilities of the mean-field policy, all alike where none are given."""
        return self.probabilities or dict.fromkeys(self.rates, 1 / max(len(self.rates), 1))


def _unknown(what: str, name: str, known: tuple[str, ...]) -> ModelError:
    hint = did_you_mean(name, known) or f"there are: {', '.join(known)}"
    return ModelError("BL842", f"augmentation has no {what} `{name}`", hint=hint)
