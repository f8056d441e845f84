import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from biolabel.errors import RunError
from biolabel.workflow.job import Job
from biolabel.workflow.lock import NAME, alone
from biolabel.workflow.settings import load_task

HOLDS = """
import sys
from pathlib import Path
from biolabel.workflow.lock import alone
with alone(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_the_second_is_told_who_the_first_is_until_that_one_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDS, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(RunError) as caught, alone(tmp_path):
            pass
        assert caught.value.code == "BL931"
        who = f"process {holder.pid} on {socket.gethostname()} (since 2"
        assert caught.value.message.startswith(who)
        assert caught.value.message.endswith(f") works in {tmp_path}")
        assert "--workspace" in (caught.value.hint or "")
        holder.kill()
    with alone(tmp_path):
        assert f'"process": {os.getpid()}' in (tmp_path / NAME).read_text(encoding="utf-8")


def test_a_lock_ends_with_its_block_also_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no"), alone(tmp_path / "new"):
        raise ValueError("no")
    with alone(tmp_path / "new"):
        pass


def test_a_refused_run_leaves_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no"), alone(tmp_path / "a" / "new"):
        raise ValueError("no")
    assert not (tmp_path / "a").exists()
    with alone(tmp_path / "new"):
        (tmp_path / "new" / "result").touch()
    assert sorted(file.name for file in (tmp_path / "new").iterdir()) == [NAME, "result"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"\xff"])
def test_who_cannot_be_read_is_another_process(tmp_path: Path, content: bytes) -> None:
    with alone(tmp_path):
        (tmp_path / NAME).write_bytes(content)
        with pytest.raises(RunError, match="another process works in"), alone(tmp_path):
            pass


def test_where_nothing_can_be_written_there_is_no_lock(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with alone(tmp_path / "file"), alone(tmp_path / "file" / "below"):
        pass


def test_what_killed_runs_left_is_removed(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    host = socket.gethostname().partition(".")[0][:32]
    left = f".x.{host}.{gone.pid}.0123abcd.tmp"
    for place in ("stages/fit", "columns/s/t/r", "columns/fits", "predictions/corpus", "training"):
        (tmp_path / place / left).mkdir(parents=True)
    (tmp_path / left).touch()
    inside = tmp_path / "stages" / "fit" / "key" / left
    inside.mkdir(parents=True)
    with alone(tmp_path):
        assert list(tmp_path.rglob("*.tmp")) == [inside]


def test_blocks_of_one_job_may_nest_and_other_jobs_are_kept_out(
    tmp_path: Path, tiny_task: Path
) -> None:
    task = load_task(tiny_task)
    one, other = (Job(task, tmp_path / "w", {}, code="x") for _ in range(2))
    with one.alone(), one.alone():
        pass
    with one.alone():
        with one.alone():
            pass
        with pytest.raises(RunError) as caught, other.alone():
            pass
        assert caught.value.code == "BL931"
    with other.alone():
        pass
