"""Official files from the web: resumed where a transfer ended, and held to what was fetched first.

A file is fetched as NAME.part and renamed when it is whole and right. What identifies the version on
the server (its ETag, else its date) stands in NAME.part.version, so that a rest is never appended to
the beginning of another version. Hashes that no publisher states are recorded in a lock file at the
first download; later downloads must equal them.
"""

import errno
import hashlib
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlsplit
from urllib.request import Request, urlopen

from biolabel.data.files import replacing_file
from biolabel.errors import KnowledgeError

Report = Callable[[str, int, int], None]
"""Takes the name of a file, how many bytes of it are there, and how many it has (0: not known)."""

PAUSES = (2.0, 10.0, 60.0)
"""Seconds to wait before each further attempt."""
_OF_THE_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS})
_TIMEOUT = 60.0
_BLOCK = 1 << 18
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_LINE = re.compile(r"([0-9a-f]{64}) +(\d+) +(\S+)")
_LOCK_HEAD = "# SHA-256, bytes and address of each file as it was first fetched.\n"


@dataclass(frozen=True, slots=True)
class Remote:
    """An official file.

    size: bytes, 0 if not known; exact: whether the size is that of this very file and no estimate;
    sha256: what is known of it, else the lock says; md5: whether ADDRESS.md5 states its MD5.
    """

    address: str
    size: int = 0
    exact: bool = False
    sha256: str = ""
    md5: bool = False

    @property
    def name(self) -> str:
        """The name of the file: the last part of the address."""
        return unquote(urlsplit(self.address).path.rpartition("/")[2])


@dataclass(frozen=True, slots=True)
class Locked:
    """What a file was when it was first fetched: its hash and its size in bytes."""

    sha256: str
    size: int


class _CutOffError(Exception):
    """A transfer that ended before all was there."""


def fetch(
    remote: Remote,
    folder: Path,
    lock: Path,
    report: Report,
    pauses: Sequence[float] = PAUSES,
) -> Path:
    """Return the path of an official file in a folder, downloaded unless it is there and right.

    Raises:
        KnowledgeError: BL704 another content than stated or locked; BL750 no such file, a server that
            does not answer, or a transfer that never becomes whole (what is there stays for the next
            run); BL752 a lock file that is none.
    """
    target = folder / remote.name
    if not target.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        part = _part(target)
        _download(remote.address, part, report, pauses)
        if remote.md5:
            beside = target.with_name(f"{target.name}.md5")
            _download(f"{remote.address}.md5", _part(beside), report, pauses)
            _part(beside).replace(beside)
            _version(_part(beside)).unlink(missing_ok=True)
        try:
            check(remote, part, lock, name=target.name)
        except KnowledgeError:
            part.unlink()
            _version(part).unlink(missing_ok=True)
            raise
        part.replace(target)
        _version(part).unlink(missing_ok=True)
    check(remote, target, lock)
    known = read_lock(lock)
    if remote.address not in known:
        fresh = Locked(sha256_of(target), target.stat().st_size)
        write_lock(lock, {**known, remote.address: fresh})
    return target


def check(remote: Remote, path: Path, lock: Path, name: str = "") -> None:
    """Hold a file to the hash that is stated or locked, and to the MD5 beside it if there is one.

    Raises:
        KnowledgeError: BL704 when it is another; BL752 as `read_lock`.
    """
    locked = read_lock(lock).get(remote.address)
    wanted = remote.sha256 or (locked.sha256 if locked else "")
    if wanted and (found := sha256_of(path)) != wanted:
        where = "the script" if remote.sha256 else f"{lock}"
        raise KnowledgeError(
            "BL704",
            f"{path} has the sha256 {found[:12]}…, {where} says {wanted[:12]}… for {remote.address}",
            hint="fetch it again; if the publisher replaced it and the new one is meant, correct "
            + where,
        )
    beside = path.with_name(f"{name or path.name}.md5")
    if remote.md5 and beside.is_file():
        stated = re.search(r"\b[0-9a-f]{32}\b", beside.read_text("utf-8", errors="replace"))
        if not stated or _digest(path, "md5") != stated[0]:
            raise KnowledgeError(
                "BL704", f"{path} has another MD5 than {beside.name} states", hint="fetch it again"
            )


def read_lock(path: Path) -> dict[str, Locked]:
    """Return what is locked, by address; nothing if there is no such file.

    Raises:
        KnowledgeError: BL752 for a line that is not hash, size and address.
    """
    found = {}
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            message = f"line {number} of {path} is not sha256, bytes and address: {line[:60]!r}"
            raise KnowledgeError("BL752", message, hint="delete the line to lock the file anew")
        found[match[3]] = Locked(match[1], int(match[2]))
    return found


def write_lock(path: Path, known: Mapping[str, Locked]) -> None:
    """Write what is locked, in the order of the addresses."""
    lines = [f"{found.sha256}  {found.size}  {name}\n" for name, found in sorted(known.items())]
    with replacing_file(path) as temporary:
        temporary.write_text(_LOCK_HEAD + "".join(lines), encoding="utf-8")


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    return _digest(path, "sha256")


def _digest(path: Path, kind: str) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, kind).hexdigest()


def _part(target: Path) -> Path:
    return target.with_name(f"{target.name}.part")


def _version(part: Path) -> Path:
    return part.with_name(f"{part.name}.version")


def _download(address: str, part: Path, report: Report, pauses: Sequence[float]) -> None:
    """Fetch a file as `part`, going on where an attempt ended.

    Raises:
        KnowledgeError: BL750 as `fetch`.
        OSError: when the disk is full or may not be written.
    """
    if urlsplit(address).scheme not in ("http", "https"):
        raise KnowledgeError("BL750", f"{address} is no http or https address")
    for pause in (*pauses, None):
        try:
            _transfer(address, part, report)
            return
        except HTTPError as error:
            if error.code not in _PASSING or pause is None:
                hint = "the publisher may have moved it: fetch it by hand and use --from FOLDER"
                message = f"{address} cannot be fetched: {error.code} {error.reason}"
                raise KnowledgeError("BL750", message, hint=hint) from error
        except (OSError, HTTPException, _CutOffError) as error:
            if isinstance(error, OSError) and error.errno in _OF_THE_DISK:
                raise
            if pause is None:
                what = error.reason if isinstance(error, URLError) else error
                message = f"{address} cannot be fetched: {what}"
                hint = f"run the script again to go on; {part} keeps what is there"
                raise KnowledgeError("BL750", message, hint=hint) from error
        time.sleep(pause)


def _transfer(address: str, part: Path, report: Report) -> None:
    """Make one attempt to fetch what is missing.

    Raises:
        HTTPError, OSError, HTTPException, _CutOffError: what went wrong.
    """
    version = _version(part)
    done = part.stat().st_size if part.is_file() and version.is_file() else 0
    headers = {"User-Agent": "biolabel", "Accept-Encoding": "identity"}
    if done:
        headers |= {"Range": f"bytes={done}-", "If-Range": version.read_text(encoding="utf-8")}
    try:
        answer: HTTPResponse = urlopen(Request(address, headers=headers), timeout=_TIMEOUT)
    except HTTPError as error:
        error.close()
        if error.code == 416 and done:
            if (error.headers.get("Content-Range") or "").endswith(f"/{done}"):
                return
            part.unlink()
            raise _CutOffError(
                "the server has another version than the part that is here"
            ) from error
        raise
    with answer:
        goes_on = (answer.headers.get("Content-Range") or "").startswith(f"bytes {done}-")
        if not (answer.status == 206 and goes_on):
            done = 0
            _remember(answer, version)
        length = int(answer.headers.get("Content-Length") or 0)
        total = done + length if length else 0
        with part.open("ab" if done else "wb") as out:
            while block := answer.read(_BLOCK):
                out.write(block)
                done += len(block)
                report(part.name.removesuffix(".part"), done, total)
    if total and done != total:
        raise _CutOffError(f"{done:,} of {total:,} bytes came")
    if part.stat().st_size != done:
        part.unlink()
        raise _CutOffError(f"something else writes {part}")


def _remember(answer: HTTPResponse, version: Path) -> None:
    """Keep what identifies the version, if anything does: a weak ETag cannot be asked for again."""
    tag = answer.headers.get("ETag") or ""
    mark = tag if tag and not tag.startswith("W/") else answer.headers.get("Last-Modified") or ""
    if mark:
        version.write_text(mark, encoding="utf-8")
    else:
        version.unlink(missing_ok=True)
