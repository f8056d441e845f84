"""What fitting finds out: settings, estimates and parameters of the label model."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import get_args

from biolabel.data.labels import LabelingFunction, Task
from biolabel.errors import ModelError
from biolabel.labelmodel.choice import Choice, Method
from biolabel.labelmodel.emission import Quiet, SourceModel
from biolabel.labelmodel.votes import Floats, Ints


@dataclass(frozen=True, slots=True)
class Settings:
    """How the label model is fitted.

    method: `emission` learns which functions depend on each other, and counts silence as evidence
    (search.py); `completion` and `triplets` do so from how often votes meet alone, in sums that add
    over shards, and look at no gold (by_moments.py); `tempered` allows for dependence that it does
    not know of (tempered.py); `majority` learns nothing; `auto` chooses `emission`, `tempered` or
    `majority` for each task (selection.py). precision: what a rule without a `precision:` is believed
    to have. belief: how much that weighs in `emission`, per vote (emissions.Anchor says what other
    values do).
    tolerance: the largest change of a soft label at which iteration ends. rows: of more distinct
    rows, `emission` is fitted to a sample of so many.

    Raises:
        ModelError: BL805 for a value outside its range.
    """

    method: Method = "auto"
    precision: float = 0.7
    belief: float = 0.005
    tolerance: float = 1e-6
    max_iterations: int = 1000
    rows: int = 20_000

    def __post_init__(self) -> None:
        """Check the ranges."""
        fine = {
            "method": self.method in get_args(Method),
            "precision": 0 < self.precision < 1,
            "belief": 0 < self.belief < float("inf"),
            "tolerance": 0 < self.tolerance < 1,
            "max_iterations": self.max_iterations > 0,
            "rows": self.rows > 0,
        }
        for name, holds in fine.items():
            if not holds:
                raise ModelError("BL805", f"`{name}` of the label model is {getattr(self, name)!r}")


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the votes of one task, or of one label of a `pick: many` task, amount to.

    symbol_lf, symbol_mask, votes: int64[s], the symbols and how often each was voted; alone:
    int64[s], on how many rows it was the only vote; table: float64[s, k], P(label | symbol);
    agreement: float64[s], the probability that the other votes on its rows give to its labels,
    NaN where there are no others; reference: float64[k], the shares that lift is measured
    against; prior: float64[k], the class prior; unvoted: float64[k], P(label) of a row without
    votes, the class prior where silence says nothing; rows: the number of rows with votes; model:
    what the votes come from in `emission`, quiet: what silence adds in `tempered`, else None.
    """

    symbol_lf: Ints
    symbol_mask: Ints
    votes: Ints
    alone: Ints
    table: Floats
    agreement: Floats
    reference: Floats
    prior: Floats
    unvoted: Floats
    rows: int
    iterations: int
    converged: bool
    model: SourceModel | None = None
    quiet: Quiet | None = None


@dataclass(frozen=True, slots=True)
class TaskParams:
    """The parameters of one task: one estimate, or one for each label where it is not exclusive.

    choice: how its estimator was chosen, None where the settings name it.
    """

    task: Task
    lfs: tuple[LabelingFunction, ...]
    n_candidates: int
    estimates: tuple[Estimate, ...]
    choice: Choice | None = None


@dataclass(frozen=True, slots=True)
class Emitted:
    """The symbols of one task and P(symbol | label), float64[s, k]; symbol_lf, symbol_mask: int64[s]."""

    symbol_lf: Ints
    symbol_mask: Ints
    table: Floats


@dataclass(frozen=True, slots=True)
class Together:
    """What the votes of tasks on the same rows amount to together (together.py).

    labels: int64[f, t], the vectors of labels that the constraints allow, in the order of the tasks;
    shares: float64[f], how common each is among rows with votes.
    """

    tasks: tuple[str, ...]
    labels: Ints
    shares: Floats
    emitted: tuple[Emitted, ...]
    iterations: int
    converged: bool


@dataclass(frozen=True, slots=True)
class Transitions:
    """How labels follow each other along neighboring words with votes (sequence.py).

    share: float64[k], P(label) of such words; start: float64[k], P(label) of the first of them; step:
    float64[k, k], P(next label | label).
    """

    share: Floats
    start: Floats
    step: Floats


@dataclass(frozen=True, slots=True)
class LabelModelParams:
    """The fitted label model: settings and the parameters of every task by name.

    together: of tasks on the same rows; chains: by task, of tasks on words; fillers: by task, the
    functions whose votes for `none` stand for silence (codings.py).
    """

    settings: Settings
    tasks: Mapping[str, TaskParams]
    together: tuple[Together, ...] = ()
    chains: Mapping[str, Transitions] = field(default_factory=dict)
    fillers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
