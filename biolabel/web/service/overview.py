"""The run at a glance: texts, tasks, rules, label model, scores, calibration."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from biolabel.data.labels import TaskKind
from biolabel.evaluation.calibration import Reliability
from biolabel.workflow.results import Part, Results

SYSTEMS: Mapping[str, str] = {
    "majority": "majority vote",
    "label_model": "label model",
    "end_model": "end model",
    "fused": "fused",
}
"""What systems are called, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The documents of the corpus or dev."""

    part: str
    file: str
    documents: int
    sentences: int
    words: int
    mentions: int


@dataclass(frozen=True, slots=True)
class Concern:
    """What looks wrong about a task: its code in the catalogue, and what was found."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class TaskSummary:
    """One task: shares of candidates with a vote, several, and votes that conflict.

    silent: rules without a vote; agreement: the share of covered candidates on which the label model
    agrees with the majority vote.
    """

    name: str
    kind: TaskKind
    labels: tuple[str, ...]
    rules: int
    silent: int
    candidates: int
    votes: int
    coverage: float
    overlap: float
    conflict: float
    agreement: float
    concerns: tuple[Concern, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """One system by one metric; low and high bound F1 (95 %), None where it was not bootstrapped."""

    system: str
    precision: float | None
    recall: float | None
    f1: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class ScoreGroup:
    """The systems by one metric of a task; mentions: `own` or `given`."""

    task: str
    metric: str
    mentions: str
    rows: tuple[Score, ...]


@dataclass(frozen=True, slots=True)
class Bin:
    """Probabilities of one bin: how many, their mean, and the share that came true."""

    count: int
    mean: float
    share: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How a system's probabilities came true on dev; error: the expected calibration error."""

    task: str
    system: str
    error: float
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """The run; seconds is how long it took, calibration and scores are empty without dev."""

    name: str
    title: str
    texts: tuple[Texts, ...]
    tasks: tuple[TaskSummary, ...]
    scores: tuple[ScoreGroup, ...]
    calibration: tuple[Calibration, ...]
    seed: int
    seconds: float
    rules: str
    versions: Mapping[str, str]


def overview(results: Results) -> Overview:
    """Return the run at a glance.

    Raises:
        CorpusError, ModelError: where a file of the run is damaged.
    """
    dev = results.parts.get("dev")
    return Overview(
        name=results.task.task.name,
        title=results.task.task.title,
        texts=tuple(
            _texts(part, results.files[which].name) for which, part in results.parts.items()
        ),
        tasks=_tasks(results),
        scores=_scores(results),
        calibration=() if dev is None else _calibration(dev),
        seed=results.seed,
        seconds=results.seconds,
        rules=results.digest,
        versions=results.versions,
    )


def _texts(part: Part, file: str) -> Texts:
    corpus = part.corpus
    return Texts(
        part.which,
        file,
        len(corpus.ids),
        len(corpus.sentence_doc),
        int(corpus.row_is_word.sum()),
        len(part.applied.mentions),
    )


def _tasks(results: Results) -> tuple[TaskSummary, ...]:
    part = results.parts["corpus"]
    found = []
    for name, analysis in part.analyses.items():
        task, trust = part.applied.votes[name].matrix.task, results.trust.get(name)
        found.append(
            TaskSummary(
                name=name,
                kind=task.kind,
                labels=task.labels,
                rules=len(analysis.rules),
                silent=sum(not rule.votes for rule in analysis.rules),
                candidates=analysis.candidates,
                votes=analysis.votes,
                coverage=analysis.coverage,
                overlap=analysis.overlap,
                conflict=analysis.conflict,
                agreement=trust.compared.agreement if trust else 1.0,
                concerns=tuple(Concern(c.code, c.message) for c in trust.concerns) if trust else (),
            )
        )
    return tuple(found)


def _scores(results: Results) -> tuple[ScoreGroup, ...]:
    groups = groupby(results.scores, key=lambda row: (row.task, row.metric, row.mentions))
    return tuple(
        ScoreGroup(
            *key,
            tuple(Score(r.system, r.precision, r.recall, r.f1, r.low, r.high) for r in rows),
        )
        for key, rows in groups
    )


def _calibration(part: Part) -> tuple[Calibration, ...]:
    return tuple(
        Calibration(task, system, found[system].error, _bins(found[system]))
        for task, found in sorted(part.reliability().items())
        for system in SYSTEMS
        if system in found
    )


def _bins(found: Reliability) -> tuple[Bin, ...]:
    columns = found.count.tolist(), found.mean.tolist(), found.share.tolist()
    return tuple(Bin(*each) for each in zip(*columns, strict=True) if each[0])
