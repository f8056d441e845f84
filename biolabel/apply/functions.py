"""Python functions that rule files name: conditions and models, run only when they are allowed."""

import importlib
import importlib.util
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from biolabel.apply.faults import asked_in_parts
from biolabel.data.corpus import Corpus
from biolabel.data.models import Answers, Function, Model, Spans, answers_of
from biolabel.errors import ModelError


def file_of(target: str) -> Path | None:
    """Return the file behind `folder/module:function`, None for an installed module."""
    module = target.rpartition(":")[0]
    folder, name = Path(module).parent, Path(module).name
    path = folder.joinpath(*name.split(".")).with_suffix(".py")
    return path if path.is_file() else None


def function_model(target: str) -> Model:
    """Return a Python function as a model.

    To find spans it gets a table of documents with `doc` and `text`, and returns a table (or a
    mapping of columns) with `doc`, `start`, `end`, `label` and optionally `score`. To judge
    candidates it gets the table of `data.models.Model`, and returns columns `label` (None where it
    says nothing) and optionally `score`, or the labels alone, one a row.

    Raises:
        ModelError: BL853 when there is no such function; BL852, when it is called, if it fails or
            returns something else.
    """
    call = _loaded(target)
    return Model(
        find=lambda corpus: _spans(target, call, corpus),
        judge=lambda table: _answers(target, call, table),
    )


def condition_function(target: str) -> Function:
    """Return a Python function as a condition: it gets the table of candidates, and returns booleans.

    Raises:
        ModelError: BL853 when there is no such function; BL852, when it is called, if it fails or
            returns something else than one boolean a row.
    """
    call = _loaded(target)

    def holds(table: pa.Table) -> NDArray[np.bool_]:
        found = np.asarray(_called(target, call, table))
        if found.shape != (len(table),) or found.dtype != np.bool_:
            got = f"{found.dtype} of shape {found.shape}"
            raise ModelError(
                "BL852", f"`{target}` returned {got}, not {len(table)} booleans, one a row"
            )
        return found

    return holds


def _loaded(target: str) -> Callable[[pa.Table], object]:
    module, _, name = target.rpartition(":")
    path = file_of(target)
    try:
        if path is None:
            found = importlib.import_module(Path(module).name)
        else:
            spec = importlib.util.spec_from_file_location(path.stem, path)
            if spec is None or spec.loader is None:
                raise ImportError(f"{path} is no module")
            found = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(found)
    except Exception as error:
        raise ModelError("BL853", f"`{target}` cannot be imported: {_said(error)}") from error
    call = getattr(found, name, None)
    if not callable(call):
        hint = f"define `def {name}(candidates)` in {path or module}"
        raise ModelError("BL853", f"`{target}` names no function", hint=hint)
    return call


def _called(target: str, call: Callable[[pa.Table], object], table: pa.Table) -> Any:
    try:
        return call(table)
    except Exception as error:
        raise ModelError("BL852", f"`{target}` failed: {_said(error)}") from error


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _spans(target: str, call: Callable[[pa.Table], object], corpus: Corpus) -> Spans:
    """Return the spans that a function finds; the documents with which it fails are set apart."""
    documents = pa.table({"doc": list(corpus.ids), "text": list(corpus.texts)})
    parts, failed = asked_in_parts(lambda table: _found(target, call, corpus, table), documents)
    labels = tuple(dict.fromkeys(label for _, spans in parts for label in spans.labels))
    numbers = [np.array([labels.index(x) for x in s.labels] or [0], np.int32) for _, s in parts]
    return Spans(
        np.concatenate([spans.doc for _, spans in parts]),
        np.concatenate([spans.start for _, spans in parts]),
        np.concatenate([spans.end for _, spans in parts]),
        np.concatenate([n[s.label] for (_, s), n in zip(parts, numbers, strict=True)]),
        np.concatenate([spans.score for _, spans in parts]),
        labels,
        failed,
    )


def _found(
    target: str, call: Callable[[pa.Table], object], corpus: Corpus, documents: pa.Table
) -> Spans:
    found = _columns(target, _called(target, call, documents), ("doc", "start", "end", "label"))
    numbers = {name: i for i, name in enumerate(corpus.ids)}
    unknown = set(found["doc"]) - numbers.keys()
    if unknown:
        raise ModelError(
            "BL852", f"`{target}` speaks of a document that is not there: {min(unknown)}"
        )
    said = answers_of(list(found["label"]), _scores(found))
    if len(said.row) != len(found["label"]):
        raise ModelError("BL852", f"`{target}` returned a span without a label")
    return Spans(
        np.array([numbers[name] for name in found["doc"]], dtype=np.int32),
        np.array(found["start"], dtype=np.int32),
        np.array(found["end"], dtype=np.int32),
        said.label,
        said.score,
        said.labels,
    )


def _answers(target: str, call: Callable[[pa.Table], object], table: pa.Table) -> Answers:
    returned = _called(target, call, table)
    if isinstance(returned, list | tuple | np.ndarray):
        returned = {"label": list(returned)}
    found = _columns(target, returned, ("label",))
    if len(found["label"]) != len(table):
        got = f"{len(found['label'])} labels for {len(table)} rows"
        raise ModelError("BL852", f"`{target}` returned {got}; it must give one a row")
    return answers_of(list(found["label"]), _scores(found))


def _columns(target: str, returned: object, needed: tuple[str, ...]) -> Mapping[str, Any]:
    if isinstance(returned, pa.Table):
        returned = returned.to_pydict()
    if not isinstance(returned, Mapping) or not set(needed) <= set(returned):
        wanted = ", ".join(needed)
        raise ModelError("BL852", f"`{target}` did not return the columns {wanted}")
    sizes = {len(returned[name]) for name in returned}
    if len(sizes) > 1:
        raise ModelError("BL852", f"`{target}` returned columns of different lengths")
    return returned


def _scores(found: Mapping[str, Any]) -> NDArray[np.float64] | None:
    return np.asarray(found["score"], dtype=np.float64) if "score" in found else None
