"""A server in a process of its own: `python -m tests.e2e.served DATABASE` serves it and prints its port.

It is what `biolabel serve` runs, without a finished run and its pages.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

TOKEN = "token-of-the-test"


@contextmanager
def served(database: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Give a running server and its port; it is killed at the end, if it still runs."""
    command = [sys.executable, "-m", "tests.e2e.served", str(database)]
    checkout = Path(__file__).resolve().parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=checkout) as process:
        try:
            assert process.stdout is not None
            yield process, int(process.stdout.readline())
        finally:
            process.kill()


def main(path: Path) -> None:
    """Serve a database until the process is told to stop."""
    import uvicorn

    from biolabel.curation.store import open_database, write_audit
    from biolabel.web.access.doors import TokenDoor
    from biolabel.web.access.gate import Access
    from biolabel.web.access.people import Person
    from biolabel.web.access.sessions import Sessions
    from biolabel.web.api.assertions import assertions_router
    from biolabel.web.app import create_app
    from biolabel.web.server import Place, listening, settings

    database = open_database(path)
    access = Access(TokenDoor(Person("ada", "admin"), TOKEN), Sessions())
    routers = [assertions_router(database, lambda concepts: concepts)]
    app = create_app(access, partial(write_audit, database), routers)
    with listening(Place(port=0)) as bound:
        sys.stdout.write(f"{bound.getsockname()[1]}\n")
        sys.stdout.flush()
        uvicorn.Server(settings(app, Place())).run(sockets=[bound])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
