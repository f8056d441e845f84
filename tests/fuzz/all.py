"""Fuzz every reader, one process each; the exit status is 1 if one of them found something (`make nightly`).

`python tests/fuzz/all.py -max_total_time=60`; what is found lies in `fuzz-findings/TARGET/`.
"""

import subprocess
import sys
from pathlib import Path

READERS = Path(__file__).with_name("readers.py")
FINDINGS = Path("fuzz-findings")

if __name__ == "__main__":
    listed = subprocess.run([sys.executable, READERS], capture_output=True, text=True, check=False)
    names = [line for line in listed.stderr.splitlines() if line and ":" not in line]
    found = []
    for name in names:
        place = FINDINGS / name
        place.mkdir(parents=True, exist_ok=True)
        options = [f"-artifact_prefix={place}/", *sys.argv[1:]]
        done = subprocess.run(
            [sys.executable, READERS, name, *options], capture_output=True, check=False
        )
        sys.stdout.write(f"{name}: {'a finding' if done.returncode else 'nothing'}\n")
        if done.returncode:
            found.append(name)
            (place / "log").write_bytes(done.stderr)
    sys.exit(f"findings: {', '.join(found)}; see {FINDINGS}" if found or not names else 0)
