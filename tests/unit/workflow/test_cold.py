import subprocess
import sys

SLOW = (
    "torch", "spacy", "scispacy", "transformers", "matplotlib", "networkx", "scipy", "curies",
    "jinja2", "pyarrow.parquet", "rapidfuzz",
)  # fmt: skip


def test_a_command_that_makes_little_imports_little() -> None:
    loaded = "import biolabel.workflow.analyze, sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True
    )
    assert "biolabel.workflow.shards" in done.stdout.split()
    assert not set(SLOW) & set(done.stdout.split())
