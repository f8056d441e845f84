"""The engine against Snorkel's appliers: the relation rules of tasks/cdr and the same as Python functions.

`python benchmarks/applier.py` takes the train part of BC5CDR from BIOLABEL_DATA, with its own mentions,
once and in `COPIES` copies under new ids. Ready on both sides before the clock starts are the
candidates: for the engine the columns of the corpus with its postings (`Corpus.lower_postings`), its
mentions and the frame of candidates with what its rows have in common (`apply.frames`); for Snorkel
0.10.0 the objects of `pairs.py`, whose texts are cut and joined already. All that rules need beyond,
finding patterns included, counts. One core each (process time); all times are the median of 5 runs,
which takes a quarter of an hour of an idle machine. Every vote of every candidate is compared. The
engine's seconds at 50, 100 and 200 thousand candidates show how they grow. Targets: issue 4.
"""

import json
import os
import subprocess
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from frame import ROOT, Row, write
from rivals import snorkel

from biolabel.apply.candidates import PairCandidates, pair_candidates
from biolabel.apply.engine import Candidates, columns_of
from biolabel.apply.knowledge import Knowledge, load_knowledge
from biolabel.apply.scene import Scene
from biolabel.apply.terms import TermFinder
from biolabel.apply.votes import gather
from biolabel.compile.plan import Plan, TaskPlan
from biolabel.data.corpus import Corpus
from biolabel.data.documents import Document
from biolabel.data.labels import LabelMatrix
from biolabel.data.mentions import MentionTable, given_mentions
from biolabel.lang import tree
from biolabel.lang.walk import nodes
from biolabel.text.build import corpus_of
from biolabel.text.formats.known import read_documents
from biolabel.text.rejects import Rejects
from biolabel.workflow.rules import read_rules
from biolabel.workflow.settings import load_task

COPIES = 37
"""Copies of 500 abstracts with 5,432 candidates that make 200,000."""
RUNS = 5
TARGETS = {"LFApplier": 30.0, "PandasLFApplier": 100.0}
GROWTH = (1, 9, 18, COPIES)
"""How many copies the engine is timed over: some 5, 50, 100 and 200 thousand candidates."""
RIVALS = tuple((name, copies, RUNS) for copies in (1, COPIES) for name in TARGETS)
"""Which applier runs over how many copies, and how often."""


@dataclass(frozen=True, eq=False)
class Ready:
    """What the engine's side has before the clock starts."""

    plan: Plan
    task: TaskPlan
    knowledge: Knowledge
    corpus: Corpus
    mentions: MentionTable
    pairs: PairCandidates

    def scene(self) -> Scene:
        """Return a scene in which nothing was looked for yet."""
        finder = TermFinder(self.corpus, self.knowledge)
        return Scene(self.corpus, self.plan, finder, self.mentions)


def relation_plan() -> tuple[Plan, TaskPlan]:
    """Return the plan of tasks/cdr with the knowledge that its relation rules ask for, and their task."""
    plan = read_rules(load_task(ROOT / "tasks" / "cdr")).ready()
    task = next(task for task in plan.tasks if task.task.kind == "relation")
    asked = {member.ontology.text for member in members(task)}
    ontologies = {name: plan.ontologies[name] for name in asked}
    return replace(plan, ontologies=ontologies), task


def members(task: TaskPlan) -> Iterator[tree.Member]:
    """Yield the conditions of a task that ask for concepts of ontologies."""
    for rule in task.rules:
        for node in nodes((rule.when, *rule.unless)):
            if isinstance(node, tree.Member):
                yield node


def ready(
    plan: Plan, task: TaskPlan, knowledge: Knowledge, documents: Iterable[Document], copies: int = 1
) -> Ready:
    """Return documents as the engine reads them, each several times under new ids."""
    copied = (
        replace(document, id=f"{document.id}.{number}")
        for document in documents
        for number in range(copies)
    )
    corpus = corpus_of(copied)
    if not isinstance(task.declaration, tree.RelationDecl):
        raise SystemExit(f"{task.task.name} is no relation")
    mentions = given_mentions(corpus)
    pairs = pair_candidates(corpus, mentions, task.declaration)
    return Ready(plan, task, knowledge, corpus, mentions, pairs)


def votes(found: Ready) -> LabelMatrix:
    """Return the votes of all rules over the ready candidates."""
    frame, task = found.pairs.frame, found.task
    columns = columns_of(task, found.scene(), {}, candidates=Candidates(frame, found.pairs))
    by_rule = [columns[rule.lf.name] for rule in task.rules]
    matrix, _ = gather(task.task, task.rules, by_rule, frame.n_candidates)
    return matrix


def named_votes(found: Ready) -> dict[tuple[int, str, str], dict[str, str]]:
    """Return, for each document, chemical and disease, the label that each rule votes for."""
    matrix = votes(found)
    chemicals, diseases = found.pairs.named()
    keys = list(zip(found.pairs.doc.tolist(), chemicals, diseases, strict=True))
    said: dict[tuple[int, str, str], dict[str, str]] = {key: {} for key in keys}
    labels, lfs = matrix.task.labels, matrix.lfs
    columns = matrix.candidate.tolist(), matrix.lf.tolist(), matrix.mask.tolist()
    for candidate, lf, mask in zip(*columns, strict=True):
        said[keys[candidate]][lfs[lf].name] = labels[mask.bit_length() - 1]
    return said


def written_documents(corpus: Corpus) -> list[dict[str, Any]]:
    """Return what `pairs.candidates_of` reads."""
    mentions = given_mentions(corpus)
    found = []
    for doc in range(len(corpus.ids)):
        low, high = int(corpus.doc_rows[doc]), int(corpus.doc_rows[doc + 1])
        chosen = np.flatnonzero(mentions.doc == doc).tolist()
        found.append({
            "number": doc,
            "first": low,
            "words": corpus.words_before[low : high + 1].tolist(),
            "sentences": [_sentence(corpus, number) for number in range(
                int(corpus.doc_sentences[doc]), int(corpus.doc_sentences[doc + 1])
            )],
            "mentions": [
                [int(mentions.first_row[i]), int(mentions.end_row[i]),
                 mentions.types[mentions.type[i]], list(mentions.concepts[i])] for i in chosen
            ],
        })  # fmt: skip
    return found


def _sentence(corpus: Corpus, number: int) -> list[Any]:
    first, end = int(corpus.sentence_first_row[number]), int(corpus.sentence_end_row[number])
    tokens = [corpus.lowers[lower] for lower in corpus.row_lower[first:end].tolist()]
    kind = corpus.section_kinds[corpus.section_kind[corpus.sentence_section[number]]]
    return [number, first, tokens, kind == "title"]


def written_tables(knowledge: Knowledge, task: TaskPlan) -> dict[str, list[Any]]:
    """Return what the functions look up, out of the same knowledge as the rules."""
    found: dict[str, list[Any]] = {
        name: [[*pair, number] for pair, number in index.part(name, "").items()]
        for name, index in knowledge.pairs.items()
    }
    names = {"chemical": "measured", "disease": "treated"}
    for member in members(task):
        ontology = knowledge.ontologies[member.ontology.text].ontology
        found[names[member.argument.text]] = sorted(
            ontology.under(member.under) & set(ontology.names)
        )
    return found


def their_work(found: Ready, documents: list[dict[str, Any]], folder: Path) -> dict[str, Any]:
    """Run Snorkel's appliers in their own environment and return what they write."""
    work, result = folder / "work.json", folder / "result.json"
    tables = written_tables(found.knowledge, found.task)
    work.write_text(json.dumps({"documents": documents, "tables": tables, "runs": RIVALS}), "utf-8")
    script = Path(__file__).with_name("applier_snorkel.py")
    run = [str(snorkel()), str(script), str(work), str(result)]
    alone = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    clean = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    subprocess.run(run, check=True, env=clean | alone)
    return dict(json.loads(result.read_text("utf-8")))


def seconds(found: Ready, runs: int = RUNS) -> float:
    """Return the median time of the engine over ready candidates, in seconds of one core.

    The run before the clock starts makes the frame ready; no run sees what another one found.
    """
    votes(found)
    times = []
    for _ in range(runs):
        started = time.process_time()
        votes(found)
        times.append(time.process_time() - started)
    return median(times)


def differences(
    ours: dict[tuple[int, str, str], dict[str, str]], theirs: dict[str, Any]
) -> list[tuple[str, tuple[int, str, str], str, str]]:
    """Return rule, candidate, our label and their label, empty for none, wherever they differ."""
    keys = [(doc, chemical, disease) for doc, chemical, disease in theirs["keys"]]
    said: dict[tuple[int, str, str], dict[str, str]] = {key: {} for key in keys}
    for number, function, label in theirs["votes"]:
        said[keys[number]][theirs["functions"][function]] = theirs["labels"][label]
    return [
        (name, key, ours.get(key, {}).get(name, ""), said.get(key, {}).get(name, ""))
        for key in sorted(ours.keys() | said.keys())
        for name in sorted(ours.get(key, {}).keys() | said.get(key, {}).keys())
        if ours.get(key, {}).get(name) != said.get(key, {}).get(name)
    ]


def main() -> None:
    """Run the benchmark."""
    path = load_task(ROOT / "tasks" / "cdr").documents("corpus")
    if path is None or not path.is_file():
        raise SystemExit("BC5CDR is missing: set BIOLABEL_DATA to the folder of the corpora")
    texts = list(read_documents(path, Rejects()))
    plan, task = relation_plan()
    knowledge = load_knowledge(plan, frozenset(document.id for document in texts))
    rows = []
    one = ready(plan, task, knowledge, texts)
    with TemporaryDirectory() as folder:
        theirs = their_work(one, written_documents(one.corpus), Path(folder))
    ours = named_votes(one)
    differing = differences(ours, theirs)
    for name, key, label, other in differing[:20]:
        print(f"{name}, {one.corpus.ids[key[0]]} {key[1:]}: engine {label}, Snorkel {other}")
    rows.append(Row("votes that differ, of " + format(sum(map(len, ours.values())), ","),
                    len(differing), 0, "votes", not differing))  # fmt: skip
    for copies in GROWTH:
        many = one if copies == 1 else ready(plan, task, knowledge, texts, copies)
        own = seconds(many)
        n = many.pairs.frame.n_candidates
        rows += [
            Row(f"the engine, {n:,} candidates", own, unit="s"),
            Row(f"the engine, {n:,} candidates: of 1,000", own / n * 1e6, unit="ms"),
        ]
        for run in theirs["runs"]:
            if run["copies"] == copies:
                target = TARGETS[run["applier"]] if copies > 1 else None
                faster = run["seconds"] / own
                calls = n * len(task.rules) / run["seconds"]
                name = f"{run['applier']}, {n:,} candidates"
                rows += [
                    Row(f"times as fast as {name}", faster, target, "x",
                        None if target is None else faster >= target),
                    Row(f"{name}: function calls a second, {run['runs']} runs", calls, unit="1/s"),
                ]  # fmt: skip
    write("applier", rows)


if __name__ == "__main__":
    main()
