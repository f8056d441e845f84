"""The other tools' own code reads what is written for them; each has its environment in .rivals/."""

import os
import subprocess
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse
from spacy.vocab import Vocab

from biolabel.data.corpus import Corpus
from biolabel.data.votes import TaskVotes
from biolabel.interop.docs import skweak_docs, write_docs
from biolabel.interop.matrices import from_snorkel, to_metal, to_snorkel

RIVALS = Path(__file__).resolve().parents[3] / ".rivals"
SNORKEL = """
import sys, numpy as np
from snorkel.labeling import LFAnalysis
print(*LFAnalysis(np.load(sys.argv[1])).lf_summary()["Coverage"])
"""
METAL = """
import sys
from scipy.sparse import load_npz
from metal.label_model.baselines import MajorityLabelVoter
found = MajorityLabelVoter(seed=1, cardinality=2).predict_proba(load_npz(sys.argv[1]))
print(*found.argmax(axis=1)[:2])
"""
SKWEAK = """
import sys, spacy
from spacy.tokens import DocBin
from skweak.voting import SequentialMajorityVoter
found = DocBin(store_user_data=True).from_bytes(open(sys.argv[1], "rb").read())
docs = list(found.get_docs(spacy.blank("en").vocab))
voter = SequentialMajorityVoter("vote", labels=["Chemical", "Disease"])
for doc in docs:
    doc = voter(doc)
    print(*(f"{span.text}/{span.label_}" for span in doc.spans["vote"]), sep="|")
"""

pytestmark = pytest.mark.slow


def told(rival: str, program: str, path: Path) -> list[str]:
    """Return the lines that a program prints in the environment of a rival."""
    python = RIVALS / rival / "bin" / "python"
    if not python.is_file():
        pytest.skip(f"there is no {rival}: benchmarks/rivals.py installs it")
    own = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(
        [python, "-W", "ignore", "-c", program, path],
        capture_output=True, text=True, check=False, env=own,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_snorkel_reads_its_matrix(tmp_path: Path, pair_votes: TaskVotes) -> None:
    np.save(tmp_path / "L.npy", to_snorkel(pair_votes.matrix))
    assert told("snorkel", SNORKEL, tmp_path / "L.npy") == ["0.5 0.5"]


def test_metal_reads_its_matrix(tmp_path: Path, pair_votes: TaskVotes) -> None:
    task = pair_votes.matrix.task
    matrix = from_snorkel([[0, 0], [1, 1], [0, 1]], task, ("a", "b"))
    sparse.save_npz(tmp_path / "L.npz", to_metal(matrix))
    assert told("label_model_metal", METAL, tmp_path / "L.npz")[-1] == "0 1"


def test_skweak_reads_its_documents(tmp_path: Path, corpus: Corpus, word_votes: TaskVotes) -> None:
    docs = skweak_docs(word_votes, corpus, Vocab(), leave_out=True)
    write_docs(tmp_path / "votes.spacy", docs)
    found = told("label_model_skweak", SKWEAK, tmp_path / "votes.spacy")
    assert found[:1] == ["Lithium/Chemical"]
