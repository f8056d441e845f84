"""Label models on disk: a folder with tensors in safetensors and the rest in JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter
from safetensors import SafetensorError
from safetensors.numpy import load_file
from safetensors.numpy import save as tensors_as_bytes

from biolabel.data.files import replacing_folder
from biolabel.data.labels import LabelingFunction, Task
from biolabel.errors import ModelError
from biolabel.labelmodel.choice import Choice
from biolabel.labelmodel.emission import Mixture, Quiet, SourceModel, Sources
from biolabel.labelmodel.params import (
    Emitted,
    Estimate,
    LabelModelParams,
    Settings,
    TaskParams,
    Together,
    Transitions,
)

_CONTENT, _TENSORS = "label_model.json", "tables.safetensors"
_INTEGERS = ("symbol_lf", "symbol_mask", "votes", "alone")
_REALS = ("table", "agreement", "reference", "prior", "unvoted")
_SOURCES = ("of_lf", "source", "start", "member")
_MIXTURE = ("prior", "share", "factor", "weight", "odds")
_CHAIN = ("share", "start", "step")
_EMITTED = ("symbol_lf", "symbol_mask", "table")


@dataclass(frozen=True, slots=True)
class _Function:
    name: str
    precision: float | None
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Scalars:
    rows: int
    iterations: int
    converged: bool
    model: bool = False
    repetition: float | None = None


@dataclass(frozen=True, slots=True)
class _Fitted:
    task: Task
    lfs: tuple[_Function, ...]
    n_candidates: int
    estimates: tuple[_Scalars, ...]
    choice: Choice | None = None


@dataclass(frozen=True, slots=True)
class _Shared:
    tasks: tuple[str, ...]
    iterations: int
    converged: bool


@dataclass(frozen=True, slots=True)
class _Content:
    """What stands in the JSON file; pydantic reads it and checks it against these types."""

    settings: Settings
    tasks: tuple[_Fitted, ...]
    together: tuple[_Shared, ...] = ()
    chains: tuple[str, ...] = ()
    fillers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    format: Literal["biolabel label model 1"] = "biolabel label model 1"


_ADAPTER = TypeAdapter(_Content)


def save(params: LabelModelParams, folder: Path) -> None:
    """Write a label model to a folder, in place of a former one; a killed run leaves the former."""
    tensors = {
        f"{task}.{part}.{name}": getattr(estimate, name)
        for task, fitted in enumerate(params.tasks.values())
        for part, estimate in enumerate(fitted.estimates)
        for name in (*_INTEGERS, *_REALS)
    }
    for task, fitted in enumerate(params.tasks.values()):
        for part, estimate in enumerate(fitted.estimates):
            if estimate.quiet is not None:
                tensors[f"{task}.{part}.quiet.unit"] = estimate.quiet.unit
                tensors[f"{task}.{part}.quiet.silence"] = estimate.quiet.silence
            if estimate.model is not None:
                tensors |= _model_tensors(estimate.model, f"{task}.{part}.model")
    for at, shared in enumerate(params.together):
        tensors |= {f"together.{at}.labels": shared.labels, f"together.{at}.shares": shared.shares}
        for part, emitted in enumerate(shared.emitted):
            tensors |= {f"together.{at}.{part}.{name}": getattr(emitted, name) for name in _EMITTED}
    for words, chain in params.chains.items():
        tensors |= {f"chain.{words}.{name}": getattr(chain, name) for name in _CHAIN}
    content = _Content(
        params.settings,
        tuple(_described(it) for it in params.tasks.values()),
        tuple(_Shared(it.tasks, it.iterations, it.converged) for it in params.together),
        tuple(params.chains),
        params.fillers,
    )
    with replacing_folder(folder) as new:
        # The library's own writing of files has another error than a full disk has elsewhere.
        (new / _TENSORS).write_bytes(tensors_as_bytes(tensors))
        (new / _CONTENT).write_bytes(_ADAPTER.dump_json(content, indent=1) + b"\n")


def load(folder: Path) -> LabelModelParams:
    """Read a label model back.

    Raises:
        ModelError: BL810 for a folder that is no label model of this version, or damaged.
    """
    try:
        content = _ADAPTER.validate_json((folder / _CONTENT).read_bytes())
        tensors = load_file(folder / _TENSORS)
        tasks = [_restored(item, tensors, str(at)) for at, item in enumerate(content.tasks)]
        together = [
            _shared(it, tensors, f"together.{at}") for at, it in enumerate(content.together)
        ]
        chains = {task: _chain(tensors, task) for task in content.chains}
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise ModelError(
            "BL810",
            f"{folder} holds no readable label model: {error}",
            hint="fit the label model again",
        ) from error
    by_name = {fitted.task.name: fitted for fitted in tasks}
    return LabelModelParams(content.settings, by_name, tuple(together), chains, content.fillers)


def _chain(tensors: Mapping[str, NDArray[Any]], task: str) -> Transitions:
    chain = Transitions(*(tensors[f"chain.{task}.{name}"] for name in _CHAIN))
    k = len(chain.share)
    if chain.start.shape != (k,) or chain.step.shape != (k, k):
        raise ValueError(f"transitions of `{task}` do not fit together")
    return chain


def _shared(item: _Shared, tensors: Mapping[str, NDArray[Any]], at: str) -> Together:
    labels, shares = tensors[f"{at}.labels"], tensors[f"{at}.shares"]
    emitted = [
        Emitted(*(tensors[f"{at}.{part}.{name}"] for name in _EMITTED))
        for part in range(len(item.tasks))
    ]
    for own in emitted:
        if len(own.symbol_lf) != len(own.symbol_mask) or len(own.table) != len(own.symbol_lf):
            raise ValueError(f"symbols of {', '.join(item.tasks)} do not fit together")
    if labels.shape != (len(shares), len(item.tasks)) or not np.all(shares > 0):
        raise ValueError(f"labels of {', '.join(item.tasks)} do not fit their shares")
    return Together(item.tasks, labels, shares, tuple(emitted), item.iterations, item.converged)


def _described(fitted: TaskParams) -> _Fitted:
    return _Fitted(
        fitted.task,
        tuple(_Function(lf.name, lf.precision, tuple(sorted(lf.groups))) for lf in fitted.lfs),
        fitted.n_candidates,
        tuple(
            _Scalars(
                it.rows,
                it.iterations,
                it.converged,
                it.model is not None,
                None if it.quiet is None else it.quiet.repetition,
            )
            for it in fitted.estimates
        ),
        fitted.choice,
    )


def _restored(item: _Fitted, tensors: Mapping[str, NDArray[Any]], at: str) -> TaskParams:
    expected = 1 if item.task.exclusive else len(item.task.labels)
    if len(item.estimates) != expected:
        raise ValueError(f"`{item.task.name}` has {len(item.estimates)} parts, not {expected}")
    estimates = []
    for part, scalars in enumerate(item.estimates):
        given: dict[str, Any] = asdict(scalars)
        for name in (*_INTEGERS, *_REALS):
            given[name] = tensors[f"{at}.{part}.{name}"]
        given["model"] = _model(tensors, f"{at}.{part}.model", item) if scalars.model else None
        given["quiet"] = _quiet(tensors, f"{at}.{part}.quiet", item, given.pop("repetition"))
        estimates.append(Estimate(**given))
        _check(estimates[-1], item.task)
    lfs = tuple(LabelingFunction(lf.name, lf.precision, frozenset(lf.groups)) for lf in item.lfs)
    return TaskParams(item.task, lfs, item.n_candidates, tuple(estimates), item.choice)


def _model_tensors(model: SourceModel, at: str) -> dict[str, NDArray[Any]]:
    own = {f"{at}.{name}": getattr(model.sources, name) for name in _SOURCES}
    return own | {f"{at}.{name}": getattr(model.mixture, name) for name in _MIXTURE}


def _quiet(
    tensors: Mapping[str, NDArray[Any]], at: str, item: _Fitted, repetition: float | None
) -> Quiet | None:
    if repetition is None:
        return None
    unit, silence = tensors[f"{at}.unit"], tensors[f"{at}.silence"]
    k = len(item.task.labels) if item.task.exclusive else 2
    if silence.shape != (unit.max(initial=-1) + 1, k) or len(unit) != len(item.lfs):
        raise ValueError(f"the silence of `{item.task.name}` does not fit its functions")
    return Quiet(unit, silence, repetition)


def _model(tensors: Mapping[str, NDArray[Any]], at: str, item: _Fitted) -> SourceModel:
    """Return a source model, if its tensors can belong together: else ValueError."""
    sources = Sources(*(tensors[f"{at}.{name}"] for name in _SOURCES))
    mixture = Mixture(*(tensors[f"{at}.{name}"] for name in _MIXTURE))
    j, k = len(sources.source), len(item.task.labels) if item.task.exclusive else 2
    fits = (
        len(sources.of_lf) == len(item.lfs)
        and len(sources.start) == j + 1
        and sources.start[-1] == len(sources.member)
        and mixture.prior.shape == (k,)
        and mixture.weight.shape == (j, k)
        and mixture.odds.shape == (sources.number, k)
        and mixture.share.shape == mixture.factor.shape
        and np.all(np.isfinite(mixture.weight))
    )
    if not fits:
        raise ValueError(f"the sources of `{item.task.name}` do not fit together")
    return SourceModel(sources, mixture)


def _check(estimate: Estimate, task: Task) -> None:
    """Refuse tensors that cannot belong together: ValueError."""
    s, k = len(estimate.symbol_lf), len(task.labels) if task.exclusive else 2
    shapes = {"table": (s, k), "reference": (k,), "prior": (k,), "unvoted": (k,)}
    for name in (*_INTEGERS, *_REALS):
        tensor, kind = getattr(estimate, name), np.int64 if name in _INTEGERS else np.float64
        shape = shapes.get(name, (s,))
        if tensor.shape != shape or tensor.dtype != kind:
            raise ValueError(
                f"`{name}` of `{task.name}` is {tensor.dtype}{list(tensor.shape)}, "
                f"expected {np.dtype(kind)}{list(shape)}"
            )
    if not all(np.all(shares > 0) for shares in (estimate.table, estimate.reference)):
        raise ValueError(f"shares of `{task.name}` are not all positive")
