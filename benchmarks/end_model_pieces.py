"""One piece of the benchmark of the end model: a task, a variant and a seed, trained and scored.

`python benchmarks/end_model_pieces.py TASK VARIANT SEED FILE` writes what it finds to FILE, at once and
whole. Variants: `plain` and `augmented` are the pipeline without and with new versions of documents;
`gold` is the same architecture trained on gold mentions and pairs; `only TASK` has the soft labels of one
task, `N documents` those of N documents, without new versions.
"""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import numpy as np
from frame import ROOT, commit, machine
from peak import peak_memory

from biolabel.apply.mentions import mentions_of_spans
from biolabel.data.documents import Document
from biolabel.data.files import replacing_file
from biolabel.data.labels import Task
from biolabel.data.training import LabeledDocument
from biolabel.endmodel.model import EndModel
from biolabel.endmodel.predict import predict as predict_documents
from biolabel.endmodel.train import labeled_tasks
from biolabel.endmodel.train import train as train_model
from biolabel.resources import data_root
from biolabel.text.formats import pubtator
from biolabel.workflow.apply import apply, given_apart, open_applied
from biolabel.workflow.augment import soft_documents
from biolabel.workflow.bench import Bench
from biolabel.workflow.documents import (
    bare_documents,
    gold_labels_as_soft,
    labeled_documents,
)
from biolabel.workflow.evaluate import evaluate, open_breakdown, open_scores
from biolabel.workflow.job import Job, Which
from biolabel.workflow.own import own_spans
from biolabel.workflow.predict import predict
from biolabel.workflow.settings import TaskFolder, load_task
from biolabel.workflow.systems import documents_of, of_end_model

SCORER = data_root().parent / "tools" / "score.py"
SYSTEMS = ("majority", "label_model", "end_model", "fused")
MEASURES = {
    "cdr": (
        ("mention F1", "ner", "own", ()),
        ("CID F1 from gold mentions", "cid", "given", ()),
        ("CID F1 from own mentions", "cid", "own", ()),
    ),
    "ncbi_disease": (("mention F1", "ner", "own", ("--merge", "Disease")),),
}
"""By task: the name of a measure, what the scorer calls it, whose mentions, and the scorer's options."""
_POLICIES = {"plain": "none", "augmented": "mean-field"}
_SPEED = 200
"""Documents of which the time of a prediction is taken."""

Figures = dict[str, float]


def scored(task: str, gold: Path, predicted: Path, options: Sequence[str]) -> float:
    """Return micro F1 as the independent scorer counts it."""
    command = [sys.executable, str(SCORER), task, str(gold), str(predicted), *options, "--json"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(json.loads(done.stdout)["results"]["micro"]["f1"])


def of_pipeline(folder: TaskFolder, policy: str, seed: int, workspace: Path) -> Figures:
    """Return the F1 of every system of the pipeline, also where rules vote and where none does."""
    augment = folder.task.augment.model_copy(update={"policy": policy})
    chosen = TaskFolder(
        folder=folder.folder, task=folder.task.model_copy(update={"augment": augment})
    )
    bench = Bench(Job(chosen, workspace, _files(chosen), seed))
    note = evaluate(bench, "dev")
    predicted = predict(bench, "dev").folder
    figures: Figures = {}
    for name, measure, source, options in MEASURES[folder.task.name]:
        for system in SYSTEMS:
            path = predicted / f"{system}.{source}.pubtator"
            figures[f"{name}: {system}"] = scored(measure, _files(chosen)["dev"], path, options)
    for row in open_scores(note):
        if row.system.startswith("best rule") and row.metric in {"mentions micro", "pairs"}:
            figures[f"{row.metric} {row.mentions}: {row.system}"] = row.f1
    for part in open_breakdown(note):
        if part.by == "rules":
            what = "mention" if part.task == "mentions" else f"{part.task} {part.mentions}"
            figures[f"{what} F1 where {part.group}: {part.system}"] = part.score.f1
    return figures


def alone(folder: TaskFolder, variant: str, seed: int, workspace: Path) -> Figures:
    """Return the F1 of an end model that reads the text alone, without new versions of documents."""
    bench = Bench(Job(folder, workspace, _files(folder), seed))
    documents, tasks = _material(bench, variant, seed)
    model = train_model(
        documents, tasks, folder.task.end_model.settings(), np.random.default_rng(seed)
    )
    figures: Figures = {}
    gold = _files(folder)["dev"]
    wanted = {"ner": "entity", "cid": "relation"}
    for name, measure, source, options in MEASURES[folder.task.name]:
        # Pairs between own mentions are those of the fused mentions, which rules have a part in.
        if source == ("own" if measure == "ner" else "given") and wanted[measure] in {
            task.kind for task in tasks
        }:
            path = workspace / f"{variant}-{seed}.{source}.pubtator"
            pubtator.write(path, said(bench, model, source))
            figures[f"{name}: end_model"] = scored(measure, gold, path, options)
    corpus = bench.corpus("dev")
    applied = open_applied(apply(bench, "dev"))
    few = list(islice(bare_documents(corpus, applied.votes, applied.mentions), _SPEED))
    began = time.process_time()
    predict_documents(model, few)
    figures["documents a CPU second"] = len(few) / (time.process_time() - began)
    return figures


def said(bench: Bench, model: EndModel, source: str) -> list[Document]:
    """Return what an end model says of dev: its own mentions, or relations between given ones."""
    corpus, known = bench.corpus("dev"), bench.job.task.task.gold
    note = given_apart(bench, "dev") if source == "given" else None
    applied = open_applied(note or apply(bench, "dev"))
    scores = predict_documents(model, list(bare_documents(corpus, applied.votes, applied.mentions)))
    mentions = applied.mentions
    if source == "own":
        entities = [task for task in model.tasks if task.kind == "entity"]
        spans = [
            span
            for doc, score in enumerate(scores)
            for span in own_spans(corpus, doc, entities, score)
        ]
        mentions = mentions_of_spans(bench.finder("dev"), spans)
    text = of_end_model(mentions, applied.votes, scores)
    return list(documents_of(corpus, text, known, "end_model"))


def _material(bench: Bench, variant: str, seed: int) -> tuple[list[LabeledDocument], list[Task]]:
    """Return what a variant is trained on."""
    if variant == "gold":
        corpus = bench.corpus("corpus")
        found = open_applied(given_apart(bench, "corpus") or apply(bench, "corpus"))
        known = {name: gold.names for name, gold in bench.job.task.task.gold.items()}
        soft = gold_labels_as_soft(corpus, found.votes, known)
        documents = labeled_documents(corpus, found.votes, soft, found.mentions, 0.0)
    else:
        documents = soft_documents(bench)
    if variant.endswith(" documents"):
        order = np.random.default_rng(seed).permutation(len(documents))
        documents = [documents[i] for i in order[: int(variant.split()[0])]]
    first = documents[0]
    possible = {*first.entities, *first.relations, *first.topics}
    tasks = [plan.task for plan in bench.plan.tasks if plan.task.name in possible]
    if variant == "gold":
        tasks = [task for task in tasks if task.kind != "document"]
    if variant.startswith("only "):
        tasks = [task for task in tasks if task.name == variant.removeprefix("only ")]
    return documents, labeled_tasks(documents, tasks)


def _files(folder: TaskFolder) -> dict[Which, Path]:
    corpus, dev = folder.documents("corpus"), folder.documents("dev")
    if corpus is None or dev is None:
        raise SystemExit(f"tasks/{folder.task.name} names no documents")
    return {"corpus": corpus, "dev": dev}


def main(task: str, variant: str, seed: int, path: Path) -> None:
    """Train and score a piece, and write its figures with what it took."""
    folder = load_task(ROOT / "tasks" / task)
    workspace = ROOT / "workspace" / "end_model" / task
    workspace.mkdir(parents=True, exist_ok=True)
    began, used = time.perf_counter(), time.process_time()
    if variant in _POLICIES:
        figures = of_pipeline(folder, _POLICIES[variant], seed, workspace)
    else:
        figures = alone(folder, variant, seed, workspace)
    content = {
        "task": task,
        "variant": variant,
        "seed": seed,
        "machine": machine(),
        "commit": commit(),
        "seconds": time.perf_counter() - began,
        "cpu_seconds": time.process_time() - used,
        "gigabytes": peak_memory() / 1024**3,
        "figures": figures,
    }
    with replacing_file(path) as temporary:
        temporary.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
