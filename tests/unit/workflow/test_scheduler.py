"""Addresses where no scheduler listens are refused in seconds, each with what is wrong."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread

import pytest

from biolabel.errors import RunError
from biolabel.workflow import scheduler as scheduler_module
from biolabel.workflow.cluster import cluster


@pytest.mark.parametrize("address", ["nowhere", "foo:bar", "http://localhost:1"])
def test_an_address_that_is_none_is_refused_at_once(address: str, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="that is no address") as caught, cluster(tmp_path, address):
        pass
    assert caught.value.code == "BL942"


def test_a_scheduler_that_is_not_there_is_given_up_soon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler_module, "_GREETING", 1.0)
    started = time.monotonic()
    with (
        pytest.raises(RunError, match="does not answer") as caught,
        cluster(tmp_path, "tcp://127.0.0.1:9"),
    ):
        pass
    assert caught.value.code == "BL942"
    assert time.monotonic() - started < 20


@contextmanager
def listening(says: bytes) -> Iterator[str]:
    """Give the address of somebody who says the same to everybody, and then waits."""

    class Says(BaseRequestHandler):
        def handle(self) -> None:
            self.request.sendall(says)
            with suppress(OSError):
                while self.request.recv(1 << 16):
                    pass

    with ThreadingTCPServer(("127.0.0.1", 0), Says) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"tcp://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


@pytest.mark.parametrize(
    "says", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n" * 9, b"\0" * 99, b"\xff" * 99]
)
def test_whoever_is_no_scheduler_is_given_up_soon(
    says: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler_module, "_GREETING", 2.0)
    started = time.monotonic()
    with (
        listening(says) as address,
        pytest.raises(RunError, match="is no scheduler") as caught,
        cluster(tmp_path, address),
    ):
        pass
    assert caught.value.code == "BL942"
    assert "dashboard" in (caught.value.hint or "")
    assert time.monotonic() - started < 10


def test_tls_without_its_settings_says_what_is_missing(tmp_path: Path) -> None:
    with (
        pytest.raises(RunError, match="ssl_context") as caught,
        cluster(tmp_path, "tls://127.0.0.1:9"),
    ):
        pass
    assert caught.value.code == "BL942"


def test_a_host_that_nobody_knows_is_called_by_its_name(tmp_path: Path) -> None:
    with (
        pytest.raises(RunError, match=r"no host 'nowhere\.invalid' is known") as caught,
        cluster(tmp_path, "tcp://nowhere.invalid:8786"),
    ):
        pass
    assert caught.value.code == "BL942"
