"""The public corpora and knowledge bases, where there are any, and a task that needs none."""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from biolabel.resources import data_root as located_data
from tests.encoders import write_tiny_encoder

if TYPE_CHECKING:
    from biolabel.workflow.job import Which

TINY_TASK = Path(__file__).parent / "data" / "tiny_task"
_MISSING = "the public corpora and knowledge bases are missing (set BIOLABEL_DATA)"
_NO_POSTGRES = "the programs of a PostgreSQL server are missing (apt-get install postgresql)"


@pytest.fixture(scope="session")
def data_root() -> Path:
    """Return the folder of the public corpora and knowledge bases."""
    return located_data()


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a BERT with one layer of width 32, random weights and few words."""
    return write_tiny_encoder(tmp_path_factory.mktemp("encoder"))


@pytest.fixture
def tiny_task(tmp_path: Path, tiny_encoder: Path) -> Path:
    """Return a copy of the task in tests/data/tiny_task, with the tiny encoder."""
    folder = tmp_path / "tiny"
    shutil.copytree(TINY_TASK, folder)
    with (folder / "task.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'encoder = "{tiny_encoder}"\n')
    return folder


@pytest.fixture(scope="session")
def finished_run(tmp_path_factory: pytest.TempPathFactory, tiny_encoder: Path) -> Path:
    """Return a workspace with a finished run of a tiny task, which lies beside it as `tiny`."""
    from biolabel.workflow.bench import Bench
    from biolabel.workflow.job import Job
    from biolabel.workflow.run import run
    from biolabel.workflow.settings import load_task

    folder = tmp_path_factory.mktemp("finished") / "tiny"
    shutil.copytree(TINY_TASK, folder)
    settings = (folder / "task.toml").read_text(encoding="utf-8")
    quick = settings.replace("epochs = 30", "epochs = 1") + f'encoder = "{tiny_encoder}"\n'
    (folder / "task.toml").write_text(quick, encoding="utf-8")
    task = load_task(folder)
    workspace = folder.parent / "workspace"
    files: dict[Which, Path] = {
        "corpus": folder / "corpus.pubtator",
        "dev": folder / "dev.pubtator",
    }
    run(Bench(Job(task, workspace, files)))
    return workspace


@pytest.fixture(scope="session")
def scorer(data_root: Path) -> Path:
    """Return the independent scorer beside the data; missing, it is as bad as missing data."""
    path = data_root.parent / "tools" / "score.py"
    if not path.is_file():
        message = f"no scorer at {path}"
        pytest.fail(message) if os.environ.get("BIOLABEL_CI") == "1" else pytest.skip(message)
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Start a PostgreSQL server that listens on a socket in a folder of its own; yield its URL."""
    programs = [*Path("/usr/lib/postgresql").glob("*/bin/initdb"), shutil.which("initdb")]
    found = [Path(program).parent for program in programs if program]
    if not found:
        if os.environ.get("BIOLABEL_CI") == "1":
            pytest.fail(f"{_NO_POSTGRES}, and BIOLABEL_CI=1 does not allow that", pytrace=False)
        pytest.skip(_NO_POSTGRES)
    import psycopg

    # Its paths are short, because a socket's may have 107 bytes only.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    # The server refuses to run as root.
    nobody = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    user, group, groups = (nobody.pw_uid, nobody.pw_gid, ()) if nobody else (None, None, None)
    os.chown(folder, -1 if user is None else user, -1 if group is None else group)
    options = ["-A", "trust", "-U", "biolabel", "-N", "-E", "UTF8", "--locale=C.UTF-8"]
    subprocess.run(
        [found[0] / "initdb", "-D", folder / "data", *options],
        check=True, cwd=folder, stdout=subprocess.DEVNULL,
        user=user, group=group, extra_groups=groups,
    )  # fmt: skip
    settings = ["-c", "listen_addresses=", "-c", "fsync=off", "-k", str(folder)]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [found[0] / "postgres", "-D", folder / "data", *settings],
            cwd=folder, stdout=log, stderr=log,
            user=user, group=group, extra_groups=groups,
        )  # fmt: skip
    url = f"postgresql://biolabel@/postgres?host={folder}"
    try:
        for _ in range(600):
            try:
                psycopg.connect(url).close()
                break
            except psycopg.OperationalError:
                time.sleep(0.05)
        yield url
    finally:
        server.send_signal(signal.SIGQUIT)  # it ends at once, and writes nothing more
        server.wait(60)
        shutil.rmtree(folder)


@pytest.fixture
def postgres(postgres_server: str) -> str:
    """Return the URL of a new, empty PostgreSQL database."""
    import psycopg

    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return postgres_server.replace("/postgres?", f"/{name}?")


@dataclass(frozen=True)
class Done:
    """What a command left behind: its exit status and what it wrote."""

    status: int
    out: str
    err: str


@pytest.fixture
def command(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Done]:
    """Return the command line as a function; an exception that would be a traceback is one here."""
    from biolabel.cli import main

    def run(*arguments: str | Path) -> Done:
        monkeypatch.setattr(sys, "argv", ["biolabel", *map(str, arguments)])
        capsys.readouterr()
        status = 0
        try:
            main()
        except SystemExit as stop:
            status = int(stop.code or 0)
        shown = capsys.readouterr()
        return Done(status, shown.out, shown.err)

    return run


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip tests marked `data` where there is none, and fail them under BIOLABEL_CI=1."""
    needs_data = item.get_closest_marker("data") or "data_root" in getattr(item, "fixturenames", ())
    if not needs_data or (located_data() / "kb").is_dir():
        return
    if os.environ.get("BIOLABEL_CI") == "1":
        pytest.fail(f"{_MISSING}, and BIOLABEL_CI=1 does not allow that", pytrace=False)
    pytest.skip(_MISSING)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the tests that were skipped for want of something, which pytest only counts."""
    for title, message in (
        ("not run: data missing", _MISSING),
        ("not run: PostgreSQL missing", _NO_POSTGRES),
    ):
        skipped = [
            report.nodeid
            for report in terminalreporter.stats.get("skipped", [])
            if message in str(report.longrepr)
        ]
        if skipped:
            terminalreporter.section(title)
            terminalreporter.write_line("\n".join(skipped))
