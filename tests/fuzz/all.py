"""Fuzz every reader, one process each; the exit status is 1 if one of them found something (`make nightly`).

`python tests/fuzz/all.py -max_total_time=60`; what is found lies in `fuzz-findings/TARGET/`.
"""

import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

READERS = Path(__file__).with_name("readers.py")
FINDINGS = Path("fuzz-findings")
LONGEST = 600
"""Seconds after which a process is ended that does not end by itself."""
_DONE = re.compile(rb"Done \d+ runs")

if __name__ == "__main__":
    listed = subprocess.run([sys.executable, READERS], capture_output=True, text=True, check=False)
    names = [line for line in listed.stderr.splitlines() if line and ":" not in line]
    found = []
    for name in names:
        place = FINDINGS / name
        place.mkdir(parents=True, exist_ok=True)
        options = [f"-artifact_prefix={place}/", *sys.argv[1:]]
        log = place / "log"
        with log.open("wb") as told, suppress(subprocess.TimeoutExpired):
            command = [sys.executable, str(READERS), name, *options]
            subprocess.run(command, stderr=told, check=False, timeout=LONGEST)
        # Threads of pyarrow may keep a process that is done from ending.
        done, left = _DONE.search(log.read_bytes()), any(place.glob("*-*"))
        said = "a finding" if left else "nothing" if done else f"not done: see {log}"
        sys.stdout.write(f"{name}: {said}\n")
        if left or not done:
            found.append(name)
    sys.exit(f"to look at: {', '.join(found)}; see {FINDINGS}" if found or not names else 0)
