"""Fuzzing the readers: any bytes give what is read or an error with a code, and no hang (`make nightly`).

`python tests/fuzz/readers.py TARGET -max_total_time=60 [CORPUS FOLDER]`; without arguments the names of
the targets. A finding is a file `crash-...` in the current folder: it goes to `found/TARGET/`, where it
stays, and the reader is mended.
"""

import random
import sys
import tempfile
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
with atheris.instrument_imports(include=["biolabel"]):
    from tests.fuzz.targets import FOUND, check, targets

if __name__ == "__main__":
    every = targets(Path(tempfile.mkdtemp()))
    if len(sys.argv) < 2 or sys.argv[1] not in every:
        sys.exit("\n".join(every))
    name = sys.argv[1]
    target, place = every[name], Path(tempfile.mkdtemp())
    seeds = Path(tempfile.mkdtemp())
    found = sorted((FOUND / name).glob("*"))
    for number, seed in enumerate([*target.seeds, *(path.read_bytes() for path in found)]):
        (seeds / str(number)).write_bytes(seed)
    options = ["-timeout=20", "-rss_limit_mb=2500", "-max_len=20000", *sys.argv[2:], str(seeds)]

    def mutated(data: bytes, most: int, seed: int) -> bytes:
        """Change bytes, as libFuzzer does, or else parts of what the file says."""
        if seed % 2:
            return atheris.Mutate(data, most)
        return target.changed(data, random.Random(seed))[:most]

    atheris.Setup(
        [sys.argv[0], *options], lambda data: check(target, place, data), custom_mutator=mutated
    )
    atheris.Fuzz()
