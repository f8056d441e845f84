"""The whole pipeline: all stages in order, their results copied to where a person looks for them."""

import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from biolabel.data.files import replacing_file
from biolabel.errors import RunError
from biolabel.workflow.apply import apply
from biolabel.workflow.assertions import assertions
from biolabel.workflow.bench import Bench
from biolabel.workflow.evaluate import evaluate, open_scores
from biolabel.workflow.faults import NAME
from biolabel.workflow.ingest import counts_of
from biolabel.workflow.manifest import Outcome, write_manifest
from biolabel.workflow.predict import predict
from biolabel.workflow.reporting import write_run_report
from biolabel.workflow.scores import ScoreRow


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished run: its scores (none without dev) and the files that it put into the workspace."""

    scores: tuple[ScoreRow, ...]
    outputs: tuple[Path, ...]
    report: Path
    manifest: Path


def run(bench: Bench) -> Finished:
    """Run every stage that is not done yet, then write predictions, assertions, report and manifest.

    Raises:
        RunError: BL906 when the workspace cannot be written; BL931 when another process runs in it; else
            as the stages do.
    """
    with bench.job.alone():
        return _run(bench)


def _run(bench: Bench) -> Finished:
    started = time.perf_counter()
    job = bench.job
    outputs: list[Path] = []
    for which in job.parts():
        predicted = predict(bench, which)
        outputs += _publish(
            bench, sorted(predicted.folder.glob("*.pubtator*")), which, "predictions"
        )
    gathered = assertions(bench, "corpus")
    outputs += _publish(bench, sorted(gathered.folder.glob("*.tsv")), "corpus", "assertions")
    scored = evaluate(bench, "dev") if "dev" in job.files else None
    scores = tuple(open_scores(scored)) if scored else ()
    report = job.workspace / "report.html"
    write_run_report(report, bench, scores, gathered)
    rejected: dict[str, object] = {which: counts_of(bench.ingested(which)) for which in job.parts()}
    for which in job.parts():
        source = bench.ingested(which).folder / "rejects.tsv"
        outputs += _publish(bench, [source], which, "rejects")
        failed = apply(bench, which).folder / NAME
        if failed.is_file():
            outputs += _publish(bench, [failed], which, "faults")
    manifest = job.workspace / "manifest.json"
    seconds = time.perf_counter() - started
    write_manifest(manifest, bench, Outcome(tuple(outputs), scores, rejected, seconds))
    return Finished(scores, tuple(outputs), report, manifest)


def _publish(bench: Bench, files: list[Path], which: str, kind: str) -> list[Path]:
    """Copy results out of the cache to `KIND/WHICH/`; return the paths within the workspace."""
    published = []
    for file in files:
        name = Path(kind) / which / file.name
        try:
            with replacing_file(bench.job.workspace / name) as temporary:
                shutil.copyfile(file, temporary)
        except OSError as error:
            message = f"cannot write {bench.job.workspace / name}: {error.strerror}"
            raise RunError("BL906", message) from error
        published.append(name)
    return published
