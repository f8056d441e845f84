"""Fuzzing the front end: any bytes give findings, never an exception or a hang (`make fuzz`).

The first byte chooses what the rest is put to: a file alone, declarations below tasks, or a condition.
Findings are rendered in all forms and their fixes made, as `biolabel check --fix` does.
`python tests/fuzz/rules.py -max_total_time=60 [CORPUS FOLDER]`
"""

import random
import sys
import tempfile
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
with atheris.instrument_imports(include=["biolabel.lang", "biolabel.errors"]):
    from biolabel.errors.fixes import fixed
    from biolabel.errors.render import render_all, to_json
    from biolabel.errors.sarif import to_sarif
    from biolabel.lang.explain import PREAMBLE
    from biolabel.lang.load import load_all
    from biolabel.lang.session import Session
    from tests.fuzz.changes import changed

FRAMES = ("{}", PREAMBLE + "{}", PREAMBLE + "rule r for cid\n  votes: causes\n  when: {}\n")
PATH = Path(tempfile.mkdtemp()) / "main.rules"
SESSION = Session([PATH])


def check(data: bytes) -> None:
    """Check bytes as a rule file in every way that there is."""
    text = FRAMES[data[0] % len(FRAMES) if data else 0].format(data[1:].decode("utf-8", "replace"))
    PATH.write_bytes(data)
    load_all([PATH])
    found = load_all([PATH], {str(PATH): text})
    SESSION.edit(PATH, text)
    if SESSION.check().diagnostics != found.diagnostics:
        raise AssertionError("the session finds something else")
    for show in (render_all, to_json, to_sarif):
        show(found.diagnostics, found.files)
    edits = [each.fix for each in found.diagnostics if each.fix is not None]
    load_all([PATH], {str(PATH): fixed(found.files[str(PATH)].text, edits)[0]})


if __name__ == "__main__":
    golden = Path(__file__).resolve().parents[1] / "golden" / "language"
    seeds = tempfile.mkdtemp()
    for number, path in enumerate(sorted(golden.rglob("*.rules"))):
        (Path(seeds) / str(number)).write_bytes(b"\0" + path.read_bytes()[:4000])

    def mutated(data: bytes, most: int, seed: int) -> bytes:
        """Change bytes, as libFuzzer does, or else words of the rules."""
        if seed % 2:
            return atheris.Mutate(data, most)
        return (data[:1] + changed(data[1:], random.Random(seed)))[:most]

    options = ["-timeout=20", "-rss_limit_mb=2000", *sys.argv[1:], seeds]
    atheris.Setup([sys.argv[0], *options], check, custom_mutator=mutated)
    atheris.Fuzz()
