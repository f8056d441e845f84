"""The scripts of corpora_scripts, which biolabel never imports, and a server to fetch from."""

import importlib.util
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "corpora_scripts"
# The scripts import each other as `corpora_scripts.NAME`, as `python -m` from the checkout does.
if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))


@dataclass
class Served:
    """A file on the server, and how the server behaves.

    cuts: after how many bytes each of the first answers ends early; statuses: what it answers first
    instead; ranges: whether it knows Range; moved: the name that it has now.
    """

    content: bytes
    tag: str = '"1"'
    cuts: list[int] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    ranges: bool = True
    moved: str = ""


@dataclass
class Server:
    """A server on this machine: its files by name, and the headers of each request that came."""

    address: str = ""
    files: dict[str, Served] = field(default_factory=dict)
    asked: list[Mapping[str, str]] = field(default_factory=list)

    def put(self, name: str, content: bytes) -> Served:
        """Serve a file, and return it so that a test can say how."""
        self.files[name] = Served(content)
        return self.files[name]


@pytest.fixture
def server() -> Iterator[Server]:
    """Run a server that knows Range and If-Range, and can be made to fail."""
    known = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known.asked.append(dict(self.headers))
            served = known.files.get(self.path.removeprefix("/"))
            if served is None:
                self.send_error(404)
            elif served.moved:
                self.send_response(302)
                self.send_header("Location", f"/{served.moved}")
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif served.statuses:
                self.send_error(served.statuses.pop(0))
            else:
                self.answer(served)

        def answer(self, served: Served) -> None:
            size = len(served.content)
            wanted = self.headers.get("Range", "")
            same = self.headers.get("If-Range", served.tag) == served.tag
            start = int(wanted[6:-1]) if wanted and same and served.ranges else 0
            if start >= size > 0:
                self.send_response(416)
                self.send_header("Content-Range", f"bytes */{size}")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self.send_response(206 if start else 200)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{size - 1}/{size}")
            self.send_header("Content-Length", str(size - start))
            if served.tag:
                self.send_header("ETag", served.tag)
            self.end_headers()
            end = start + served.cuts.pop(0) if served.cuts else size
            self.wfile.write(served.content[start:end])

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    known.address = f"http://127.0.0.1:{running.server_port}"
    thread = Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield known
    running.shutdown()
    thread.join()
    running.server_close()


def zipped(path: Path, members: Mapping[str, str | bytes]) -> Path:
    """Write a zip archive of some members and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


@pytest.fixture
def archive(tmp_path: Path) -> Callable[[str, Mapping[str, str | bytes]], Path]:
    """Write a zip archive into a folder of its own."""
    return lambda name, members: zipped(tmp_path / "hand" / name, members)


@pytest.fixture(scope="session")
def script() -> Callable[[str], ModuleType]:
    """Load a script by its name."""

    def load(name: str) -> ModuleType:
        key = f"corpora_scripts_{name}"
        if key not in sys.modules:
            spec = importlib.util.spec_from_file_location(key, SCRIPTS / f"{name}.py")
            assert spec is not None
            assert spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            sys.modules[key] = module  # dataclasses look their module up
            spec.loader.exec_module(module)
        return sys.modules[key]

    return load
