"""Ctrl-C as a terminal sends it: to all processes of a run at once."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

COMMAND = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
COMMAND += "from biolabel.cli import main; main()"
DEMO = Path(__file__).parents[2] / "tasks" / "demo"


def alive(group: int) -> list[str]:
    """Return the commands of processes of a group that run."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            fields = (place / "stat").read_text().rsplit(")", 1)[1].split()
            if int(fields[2]) == group and fields[0] != "Z":
                found.append((place / "cmdline").read_text())
        except OSError:
            continue
    return found


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_all_processes_of_a_run_end_and_it_says_that_it_can_go_on(
    tmp_path: Path, sent: signal.Signals
) -> None:
    # So much, of which nothing is known yet, is work for two processes.
    corpus = tmp_path / "corpus.pubtator"
    titles = (
        f"{n}|t|A dose of lithium\n{n}|a|Tremor number {n}. It went.\n" for n in range(20_000)
    )
    corpus.write_text("\n".join(titles), encoding="utf-8")
    command = [sys.executable, "-c", COMMAND, "ingest", DEMO, "--workspace", tmp_path / "w"]
    command += ["--corpus", corpus]
    env = os.environ | {"BIOLABEL_CACHE": str(tmp_path / "cache")}
    with subprocess.Popen(
        [*map(str, command), "--workers", "2"], env=env, stderr=subprocess.PIPE, text=True,
        stdout=subprocess.DEVNULL, start_new_session=True,
    ) as run:  # fmt: skip
        deadline = time.monotonic() + 120
        while len(alive(run.pid)) < 3 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(alive(run.pid)) >= 3
        os.killpg(run.pid, sent)
        _, said = run.communicate(timeout=60)
    assert run.returncode == 128 + sent
    assert said.count("stopped; what was finished is kept") == 1
    assert "Traceback" not in said
    # A worker whose pipes are closed already may still be giving back its memory.
    deadline = time.monotonic() + 10
    while alive(run.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert alive(run.pid) == []
