"""The Python functions of the comparison with Snorkel vote as the rules do; Snorkel is not needed."""

import importlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from types import ModuleType

import pytest

from biolabel.apply.knowledge import load_knowledge
from biolabel.text.formats.known import read_documents
from biolabel.text.rejects import Rejects

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def applier() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARKS))
        yield importlib.import_module("applier")


@pytest.mark.data
def test_functions_vote_as_rules(applier: ModuleType, data_root: Path) -> None:
    names = ("functions", "lookups", "pairs")
    functions, lookups, pairs = (importlib.import_module(name) for name in names)
    path = data_root / "corpora" / "cdr" / "train.pubtator.gz"
    texts = list(islice(read_documents(path, Rejects()), 120))
    plan, task = applier.relation_plan()
    knowledge = load_knowledge(plan, frozenset(document.id for document in texts))
    found = applier.ready(plan, task, knowledge, texts)
    tables = lookups.tables_of(applier.written_tables(knowledge, task))
    candidates = list(pairs.candidates_of(applier.written_documents(found.corpus)))
    every = functions.FUNCTIONS
    asked = [lookups.resources_of(function, tables) for function in every]
    votes = [
        (i, j, function(candidate, **asked[j]))
        for i, candidate in enumerate(candidates)
        for j, function in enumerate(every)
    ]
    said = {
        "functions": [function.__name__ for function in every],
        "labels": ["none", "causes"],
        "keys": [(c.doc.number, c.chemical, c.disease) for c in candidates],
        "votes": [vote for vote in votes if vote[2] != functions.ABSTAIN],
    }
    ours = applier.named_votes(found)
    assert {rule.lf.name for rule in task.rules} == set(said["functions"])
    assert applier.differences(ours, said) == []
    voting = {name for votes in ours.values() for name in votes}
    assert len(voting) >= 45, "too few functions vote on the sample to be compared"


def test_differences_name_rule_candidate_and_both_labels(applier: ModuleType) -> None:
    ours = {(0, "X", "Y"): {"a": "none", "b": "causes"}, (1, "X", "Y"): {}}
    said = {
        "functions": ["a", "b"],
        "labels": ["none", "causes"],
        "keys": [(0, "X", "Y"), (2, "X", "Y")],
        "votes": [(0, 0, 1), (0, 1, 1), (1, 0, 0)],
    }
    assert applier.differences(ours, said) == [
        ("a", (0, "X", "Y"), "none", "causes"),
        ("a", (2, "X", "Y"), "", "none"),
    ]
