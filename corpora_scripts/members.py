"""Files at hand: those of a folder, and those inside the archives that lie in it.

Nothing is unpacked by the names that an archive gives, so a name cannot lead out of a folder; such
archives are refused all the same, and those that would unpack to more than `MOST` bytes or by more
than `RATIO`, which no text does.
"""

import io
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO
from zipfile import ZipFile

from biolabel.errors import KnowledgeError

MOST = 4 << 30
"""Bytes that an archive may unpack to, 4 GiB: the largest here has 0.1 GiB."""
RATIO = 200
"""Times that an archive's content may be larger than itself: XML packs to a tenth, bombs to a thousandth."""
_DEEP = 2
_SMALL = 1 << 20


@dataclass(frozen=True, slots=True)
class Member:
    """A file: its path, archives counting as folders; its size in bytes; what opens it.

    real: where it lies on disk, None inside an archive.
    """

    path: PurePosixPath
    size: int
    open: Callable[[], IO[bytes]]
    real: Path | None = None

    def read(self) -> bytes:
        """Return the content.

        Raises:
            KnowledgeError: BL751 when its archive is damaged.
        """
        try:
            with self.open() as stream:
                return stream.read()
        except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError) as error:
            raise KnowledgeError("BL751", f"{self.path} cannot be read: {error}") from error


@dataclass(frozen=True, slots=True)
class AtHand:
    """The files that a script can use, sorted by path, and a folder for those it has to unpack."""

    folder: Path
    members: tuple[Member, ...]
    scratch: Path

    def all(self, *patterns: str) -> tuple[Member, ...]:
        """Return the files whose path ends as a pattern says, such as `*/text/*.txt`."""
        return tuple(m for m in self.members if any(m.path.match(each) for each in patterns))

    def first(self, *patterns: str) -> Member | None:
        """Return the first file of the first pattern that any has, None if none has."""
        return next((m for each in patterns for m in self.all(each)), None)

    def on_disk(self, member: Member, name: str = "") -> Path:
        """Return a path to read a file from; `name` is what it has to be called, if that matters.

        Raises:
            KnowledgeError: as `Member.read`.
        """
        if member.real and not name:
            return member.real
        path = self.scratch / (name or member.path.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        if member.real:
            shutil.copyfile(member.real, path)
        else:
            path.write_bytes(member.read())
        return path


@contextmanager
def at_hand(folder: Path, archives: Sequence[str]) -> Iterator[AtHand]:
    """Give the files of a folder, and of the archives in it that are called as `archives` say.

    Raises:
        KnowledgeError: BL703 no such folder; BL751 an archive that is damaged or unsafe.
    """
    if not folder.is_dir():
        raise KnowledgeError("BL703", f"there is no folder {folder}")
    with ExitStack() as stack, tempfile.TemporaryDirectory() as scratch:
        members = tuple(_members(folder, archives, stack))
        yield AtHand(folder, members, Path(scratch))


def _members(folder: Path, archives: Sequence[str], stack: ExitStack) -> Iterator[Member]:
    """Yield the files of a folder, sorted; `stack` keeps archives open."""
    for path in sorted(folder.resolve().rglob("*")):
        if path.is_file() and not path.name.startswith(".") and path.suffix != ".part":
            member = Member(PurePosixPath(path), path.stat().st_size, partial(_open, path), path)
            packed = any(member.path.match(each) for each in archives)
            yield from _inside(member, stack) if packed else (member,)


def _open(path: Path) -> IO[bytes]:
    return path.open("rb")


def _inside(archive: Member, stack: ExitStack, depth: int = 1) -> Iterator[Member]:
    """Yield the files of an archive and of those inside it."""
    try:
        opened = stack.enter_context(ZipFile(archive.real or io.BytesIO(archive.read())))
    except (zipfile.BadZipFile, OSError) as error:
        message = f"{archive.path} is no whole zip archive: {error}"
        raise KnowledgeError("BL751", message, hint="fetch it again") from error
    infos = [info for info in opened.infolist() if not info.is_dir()]
    if reason := _unsafe(infos, archive.size):
        raise KnowledgeError("BL751", f"{archive.path} is not unpacked: {reason}")
    for info in infos:
        path = archive.path / info.filename
        member = Member(path, info.file_size, partial(opened.open, info))
        if member.path.suffix == ".zip" and depth < _DEEP:
            yield from _inside(member, stack, depth + 1)
        else:
            yield member


def _unsafe(infos: Sequence[zipfile.ZipInfo], packed: int) -> str:
    """Return why an archive is not to be unpacked, or nothing."""
    for info in infos:
        path = PurePosixPath(info.filename)
        if path.is_absolute() or ".." in path.parts or "\\" in info.filename:
            return f"{info.filename!r} leads out of it"
        if info.flag_bits & 1:
            return f"{info.filename!r} has a password"
    size = sum(info.file_size for info in infos)
    if size > MOST or size > max(packed * RATIO, _SMALL):
        return f"its {packed:,} bytes would become {size:,}"
    return ""
