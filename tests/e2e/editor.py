"""An editor as the language server sees it, for tests."""

import itertools
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]
PROGRAM = "from biolabel.cli import main; main()"
PATIENCE = 60
"""Seconds that a test waits for an answer."""
Message = dict[str, Any]


class Editor:
    """A small client: it sends requests, and keeps what the server tells on its own."""

    def __init__(self, root: Path, encodings: list[str] | None = None) -> None:
        """Start a server and shake hands."""
        self.root = root
        self.texts: dict[str, str] = {}
        self.told: queue.Queue[Message] = queue.Queue()
        self._answers: dict[int, queue.Queue[Message]] = {}
        self._numbers = itertools.count(1)
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "lsp"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            cwd=root, env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(CHECKOUT)},
        )  # fmt: skip
        threading.Thread(target=self._read, daemon=True).start()
        general = {"positionEncodings": encodings} if encodings else {}
        folders = [{"uri": root.as_uri(), "name": "root"}]
        self.capabilities = self.ask(
            "initialize", processId=None, rootUri=root.as_uri(), workspaceFolders=folders,
            capabilities={"general": general},
        )["capabilities"]  # fmt: skip
        self.tell("initialized")

    def _read(self) -> None:
        assert self.process.stdout is not None
        while header := self.process.stdout.readline():
            length = int(header.split(b":")[1])
            while self.process.stdout.readline().strip():
                pass
            message = json.loads(self.process.stdout.read(length))
            if "id" in message and "method" not in message:
                self._answers[message["id"]].put(message)
                continue
            self.told.put(message)
            if "id" in message:
                self._send({"id": message["id"], "result": None})

    def _send(self, message: Message) -> None:
        assert self.process.stdin is not None
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(content) + content)
        self.process.stdin.flush()

    def tell(self, method: str, **params: Any) -> None:
        """Send a notification."""
        self._send({"method": method, "params": params})

    def answer(self, method: str, **params: Any) -> Message:
        """Send a request and return the whole answer, which may be an error."""
        number = next(self._numbers)
        self._answers[number] = queue.Queue()
        self._send({"id": number, "method": method, "params": params})
        return self._answers[number].get(timeout=PATIENCE)

    def ask(self, method: str, **params: Any) -> Any:
        """Send a request and return its result."""
        answer = self.answer(method, **params)
        assert "error" not in answer, answer
        return answer["result"]

    def open(self, path: Path, text: str | None = None) -> str:
        """Open a file, with another text than on the disk if given, and return its address."""
        uri = path.as_uri()
        self.texts[uri] = path.read_text("utf-8") if text is None else text
        document = {"uri": uri, "languageId": "biolabel", "version": 1, "text": self.texts[uri]}
        self.tell("textDocument/didOpen", textDocument=document)
        return uri

    def change(self, uri: str, text: str) -> None:
        """Change the text of an open file."""
        self.texts[uri] = text
        document = {"uri": uri, "version": 2}
        self.tell("textDocument/didChange", textDocument=document, contentChanges=[{"text": text}])

    def findings(self, uri: str) -> list[Message]:
        """Return what the server says next about a file."""
        return self.wait("textDocument/publishDiagnostics", lambda p: p["uri"] == uri)[
            "diagnostics"
        ]

    def wait(self, method: str, wanted: Callable[[Any], bool] = lambda _: True) -> Any:
        """Return the parameters of the next message of a kind; others are dropped."""
        end = time.monotonic() + PATIENCE
        while True:
            message = self.told.get(timeout=max(0.01, end - time.monotonic()))
            if message["method"] == method and wanted(message["params"]):
                return message["params"]

    def at(self, uri: str, mark: str, after: int = 0) -> Message:
        """Return the parameters of a question about a place: where a text begins, or further on."""
        before = self.texts[uri][: self.texts[uri].index(mark) + after]
        line = before.rpartition("\n")[2]
        position = {"line": before.count("\n"), "character": len(line.encode("utf-16-le")) // 2}
        return {"textDocument": {"uri": uri}, "position": position}

    def written(self, uri: str, changed: Message) -> str:
        """Return the text under a range."""
        lines = self.texts[uri].split("\n")
        start, end = changed["start"], changed["end"]
        assert start["line"] == end["line"]
        units = lines[start["line"]].encode("utf-16-le")
        return units[2 * start["character"] : 2 * end["character"]].decode("utf-16-le")

    def stop(self) -> None:
        """Shut the server down as editors do."""
        self.ask("shutdown")
        self.tell("exit")
        assert self.process.wait(timeout=PATIENCE) == 0
        for stream in (self.process.stdin, self.process.stdout):
            assert stream is not None
            stream.close()
