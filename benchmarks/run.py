"""Run every benchmark in its own process (`make bench`), and say which do not exist or fail."""

import subprocess
import sys
from pathlib import Path

BENCHMARKS = (
    "language",
    "engine",
    "knowledge",
    "audit",
    "label_model",
    "label_model_words",
    "label_model_many",
    "label_model_ceiling",
    "label_model_each",
    "no_match",
    "demo",
    "rules",
    "chemprot",
    "augment",
    "end_model",
    "server",
    "pages",
    "scale",
    "store",
    "applier",
    "analysis",
    "edit",
    "preview",
    "ingest",
    "normalisation",
    "lifting",
    "cluster",
)


def main(folder: Path) -> int:
    """Run the scripts of a folder one after the other; return 1 if one of them fails."""
    paths = [folder / f"{name}.py" for name in BENCHMARKS]
    failed = []
    for path in filter(Path.is_file, paths):
        print(f"== {path.name}", flush=True)
        if subprocess.run([sys.executable, str(path)], check=False).returncode:
            failed.append(path.name)
    missing = [path.name for path in paths if not path.is_file()]
    if missing:
        print(f"not written yet: {', '.join(missing)}")
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent))
