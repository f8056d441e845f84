"""docs/tutorials/curator.md: all its commands run in order, and answer what it says.

A block named by a file is added to that file. Under a command stand lines of its answer: `...` alone is
any lines, within a line any text; tables are compared without their rules. What the page has clicked goes
through the API of the server that its command starts.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "tutorials" / "curator.md"
COMMAND = "from biolabel.cli import main; main()"
VERDICTS = {"a": "accept", "r": "reject", "m": "wrong mention", "u": "unsure"}
_PART = re.compile(
    r"^<!-- not run: (?P<why>[^\n]+) -->\n```console\n(?P<skipped>.*?)^```$"
    r"|^<!-- replace (?P<where>\S+): (?P<old>[^\n]+) => (?P<new>[^\n]+) -->$"
    r"|^```console ?(?P<how>\S*)\n(?P<console>.*?)^```$"
    r"|^```(?:biolabel|toml) (?P<file>\S+)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
Command = Callable[..., Any]


@dataclass(frozen=True)
class Run:
    """A command of the page: its words, the lines under it, how it ends, and whether it serves."""

    words: tuple[str, ...]
    expected: tuple[str, ...]
    status: int = 0
    serves: bool = False


def plain(text: str) -> list[str]:
    """Return the lines of a text without the lines of tables, blanks as one."""
    lines = (" ".join(re.sub(r"[\u2500-\u257f]", " ", line).split()) for line in text.splitlines())
    return [line for line in lines if line]


def runs(how: str, text: str) -> Iterator[Run]:
    """Yield the commands of a block."""
    status = int(how.removeprefix("status=")) if how.startswith("status=") else 0
    for part in re.split(r"^\$ biolabel ", text, flags=re.MULTILINE)[1:]:
        line, _, answer = part.partition("\n")
        words = tuple(a or b for a, b in re.findall(r'"([^"]*)"|(\S+)', line))
        yield Run(words, tuple(plain(answer)), status, how == "serve")


def missing(expected: tuple[str, ...], found: list[str]) -> str:
    """Return the first expected line that does not come in its place, or nothing."""
    at, anywhere = 0, False
    for line in expected:
        if line == "...":
            anywhere = True
            continue
        pattern = re.compile(".*".join(map(re.escape, line.split("..."))))
        places = range(at, len(found)) if anywhere else range(at, min(at + 1, len(found)))
        hit = next((place for place in places if pattern.fullmatch(found[place])), None)
        if hit is None:
            return line
        at, anywhere = hit + 1, False
    return "" if anywhere or at == len(found) else f"nothing after `{expected[-1]}`"


def decided() -> dict[tuple[str, str], str]:
    """Return the verdicts of the page by the names of drug and trouble."""
    rows = re.findall(r"^\| ([\w ]+) \| ([\w ]+) \| ([armu]) \|", PAGE.read_text("utf-8"), re.M)
    return {(drug, trouble): VERDICTS[key] for drug, trouble, key in rows}


def review(words: tuple[str, ...]) -> None:
    """Serve as the command says, and decide on the first assertions of the queue as the page does."""
    command = [sys.executable, "-c", COMMAND, *words, "--port", "0"]
    here = os.environ | {"PYTHONPATH": str(PAGE.parents[2])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=here) as process:
        try:
            assert process.stdout is not None
            lines = map(str.strip, process.stdout)
            url = next(line for line in lines if line.startswith("http"))
            base, _, token = url.partition("?token=")
            head = {"Authorization": f"Bearer {token}"}
            with httpx.Client(base_url=f"{base.rstrip('/')}/api", headers=head) as client:
                _decide(client)
        finally:
            process.kill()


def _decide(client: httpx.Client) -> None:
    verdicts = decided()
    queue = client.get("/assertions", params={"limit": len(verdicts)}).raise_for_status().json()
    first = [(row["id"], row["assertion"]) for row in queue["rows"]]
    names = {(row["subject_name"], row["object_name"]) for _, row in first}
    assert names == set(verdicts), "the page decides on the first assertions of the queue"
    for number, (key, row) in enumerate(first):
        place = f"/assertions/{key}/decisions"
        verdict = verdicts[row["subject_name"], row["object_name"]]
        if number == 0:  # the wrong key, and back
            wrong = client.post(place, json={"verdict": "unsure"}).raise_for_status().json()
            client.post(f"/decisions/{wrong['id']}/undo", json={}).raise_for_status()
        client.post(place, json={"verdict": verdict}).raise_for_status()


@pytest.mark.slow
def test_the_page_from_top_to_bottom(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    ran = 0
    for part in _PART.finditer(PAGE.read_text(encoding="utf-8")):
        if part["file"]:
            with (tmp_path / part["file"]).open("a", encoding="utf-8") as file:
                file.write(f"\n{part['text']}")
        elif part["where"]:
            path = tmp_path / part["where"]
            text = path.read_text(encoding="utf-8")
            head, found, tail = text.rpartition(part["old"])
            assert found, part["old"]
            path.write_text(f"{head}{part['new']}{tail}", encoding="utf-8")
        elif part["console"]:
            for run in runs(part["how"], part["console"]):
                ran += 1
                if run.serves:
                    review(run.words)
                    continue
                done = command(*run.words)
                shown = plain(done.out) + plain(done.err)
                assert done.status == run.status, (run.words, done.err)
                assert missing(run.expected, shown) == "", run.words
    assert ran > 15


def test_lines_are_found_in_their_order() -> None:
    found = ["a b", "c 12 s", "d"]
    assert missing(("a b", "...", "d"), found) == ""
    assert missing(("a b", "c ... s", "d"), found) == ""
    assert missing(("a b", "d"), found) == "d"
    assert missing(("...", "d", "a b"), found) == "a b"
    assert missing(("a b",), found) != ""


def test_whatever_is_not_run_says_why() -> None:
    text = PAGE.read_text(encoding="utf-8")
    consoles = re.findall(r"^```console", text, re.MULTILINE)
    parts = [part for part in _PART.finditer(text) if part["console"] or part["why"]]
    assert len(parts) == len(consoles)
    assert [part["why"] for part in parts if part["why"]] == [
        "tests have biolabel installed already; `make setup` installs it in CI"
    ]


def test_two_dozen_verdicts_are_on_the_page() -> None:
    assert len(decided()) == 24
