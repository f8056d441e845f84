"""What a report shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from biolabel.augment.learn import Gain
from biolabel.augment.pool import Pool
from biolabel.curation.assertions import Assertion
from biolabel.evaluation.calibration import Reliability
from biolabel.evaluation.pieces import Piece
from biolabel.evaluation.rules import MatrixAnalysis
from biolabel.labelmodel.choice import Choice
from biolabel.labelmodel.reasons.bonds import Bond
from biolabel.labelmodel.reasons.reasons import Concern, Reason
from biolabel.text.rejects import Reject
from biolabel.workflow.cache import StageNote
from biolabel.workflow.scores import ScoreRow
from biolabel.workflow.trust import Trust


@dataclass(frozen=True, eq=False)
class TaskReport:
    """One task: its labeling functions, what the label model makes of them, and calibration.

    analysis: of the votes that the label model was fitted on; measured: of votes on documents with
    gold, whose precisions stand beside the estimates; reliability: name of a system to the
    reliability of its probabilities, at most four; bonds: the functions that depend on each other;
    choice: how the estimator was chosen; trust: what fitting shows; texts: those of the rows where
    the label model parts most from the majority vote, in the order of `trust.rows`.
    """

    analysis: MatrixAnalysis
    reasons: tuple[Reason, ...] = ()
    concerns: tuple[Concern, ...] = ()
    measured: MatrixAnalysis | None = None
    reliability: Mapping[str, Reliability] = field(default_factory=dict)
    bonds: tuple[Bond, ...] = ()
    choice: Choice | None = None
    trust: Trust | None = None
    texts: tuple[tuple[Piece, ...], ...] = ()


@dataclass(frozen=True, eq=False)
class Augmentation:
    """What was made of the training documents: outcomes by transformation, and of a policy its figures.

    gains: what a learned policy measured, empty for others.
    """

    policy: str
    pool: Pool
    gains: Mapping[str, Gain] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class ReportData:
    """A run as its report shows it; everything may come from documents and rules unescaped.

    card: what the task is about; facts: hashes, versions, seed, seconds; scores: systems beside each
    other, in the order in which they are shown; augmentation: None where the policy is none;
    assertions: those to show, the first of `n_assertions`; rejects: all of them.
    """

    title: str
    card: Mapping[str, str]
    facts: Mapping[str, str]
    stages: tuple[StageNote, ...] = ()
    scores: tuple[ScoreRow, ...] = ()
    tasks: tuple[TaskReport, ...] = ()
    augmentation: Augmentation | None = None
    assertions: tuple[Assertion, ...] = ()
    n_assertions: int = 0
    rejects: tuple[Reject, ...] = ()
