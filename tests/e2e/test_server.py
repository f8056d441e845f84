"""The server as a process: killed under load, flooded, spoken to by other sites' sockets."""

import http.client
import json
import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from biolabel.curation.review import assertion_id
from biolabel.curation.store import all_decisions, load, open_database
from tests.e2e.served import TOKEN, served
from tests.unit.web.planted import planted

N = 200
HEADERS = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}


def ask(port: int, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    """Return the status and the JSON of an answer."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        line.request(method, path, json.dumps(body), {**HEADERS, **headers})
        answer = line.getresponse()
        return answer.status, json.loads(answer.read() or b"null")
    finally:
        line.close()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "curation.sqlite"
    opened = open_database(path)
    load(opened, "cid", list(planted(N)), "run 1")
    opened.close()
    return path


def curate(
    port: int, number: int, kept: dict[int, tuple[str, str]], refused: list[Exception]
) -> None:
    """Decide again and again, and note what was acknowledged, until the server is gone."""
    found = list(planted(N))
    for turn in range(10_000):
        each = found[(number * 50 + turn) % N]
        key = assertion_id("cid", each.subject, each.predicate, each.object)
        comment = f"curator {number}, turn {turn}"
        body = {"verdict": "accept", "comment": comment, "key": comment}
        try:
            status, made = ask(port, "POST", f"/api/assertions/{key}/decisions", body)
        except (OSError, http.client.HTTPException) as error:
            refused.append(error)
            return
        if status == 201:
            kept[made["id"]] = key, comment


def test_a_killed_server_has_lost_no_acknowledged_decision(database: Path) -> None:
    kept: dict[int, tuple[str, str]] = {}
    refused: list[Exception] = []
    with served(database) as (process, port):
        curators = [
            threading.Thread(target=curate, args=(port, number, kept, refused))
            for number in range(4)
        ]
        for each in curators:
            each.start()
        end = time.monotonic() + 60
        while len(kept) < 30 and time.monotonic() < end:
            time.sleep(0.01)
        process.kill()
        for each in curators:
            each.join()
    assert len(refused) == 4, "the kill came while all were deciding"
    assert len(kept) >= 30
    opened = open_database(database)
    there = {each.id: (each.assertion, each.comment) for each in all_decisions(opened)}
    opened.close()
    assert {number: there.get(number) for number in kept} == kept
    with served(database) as (_, port):  # it comes up again, and what was sent again is kept once
        number, (key, comment) = next(iter(kept.items()))
        body = {"verdict": "accept", "comment": comment, "key": comment}
        status, made = ask(port, "POST", f"/api/assertions/{key}/decisions", body)
        assert (status, made["id"]) == (201, number)


def test_it_speaks_only_to_its_own_pages(database: Path) -> None:
    with served(database) as (_, port):
        status, told = ask(port, "GET", "/api/tasks", Host="evil.example")
        assert (status, told["code"]) == (400, "BL978")
        status, told = ask(port, "GET", "/api/tasks", Authorization="Bearer guess")
        assert (status, told["code"]) == (401, "BL973")
        status, told = ask(
            port, "POST", "/api/session", {"secret": TOKEN}, Origin="http://evil.example"
        )
        assert (status, told["code"]) == (403, "BL972")
        assert handshake(port, f"http://127.0.0.1:{port}") == 401, "no session"
        assert handshake(port, "http://evil.example") == 403
        status, told = ask(port, "POST", "/api/session", "x" * 3_000_000)
        assert (status, told["code"]) == (413, "BL975")


def handshake(port: int, origin: str) -> int:
    """Return the status that a page of an origin gets for opening a websocket."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.sendall(
            f"GET /_nicegui_ws/socket.io/?transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            f"Origin: {origin}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
        )
        return int(line.recv(4096).split(b" ", 2)[1])
