"""Check sums of what is kept on disk: a flipped bit or a missing end is noticed when it is read again.

CRC-32 sees every flipped bit and every run of up to 32 wrong ones, and lets one in four thousand million
other accidents pass; of SHA-256's time it takes less than half. It guards against disks, not against
people.
"""

import logging
import zlib
from collections.abc import Mapping
from pathlib import Path

Sums = Mapping[str, tuple[int, int]]
"""The bytes and the check sum of each file of a folder, by its path in there."""

_CHUNK = 1 << 20
_SEAL = 4
_log = logging.getLogger(__name__)


def sum_of(path: Path) -> int:
    """Return the check sum of a file; an OSError is raised as it is."""
    found = 0
    with path.open("rb", buffering=0) as stream:
        while chunk := stream.read(_CHUNK):
            found = zlib.crc32(chunk, found)
    return found


def sums_of(folder: Path) -> dict[str, tuple[int, int]]:
    """Return the bytes and the check sum of each file in a folder, and in those in there."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {f.relative_to(folder).as_posix(): (f.stat().st_size, sum_of(f)) for f in files}


def damage(folder: Path, sums: Sums) -> str:
    """Return what is wrong with the first file of a folder that is not as it was, "" if all are."""
    try:
        for name, (size, _) in sums.items():
            found = (folder / name).stat().st_size
            if found != size:
                return f"{name} has {found:,} bytes instead of {size:,}"
        for name, (_, wanted) in sums.items():
            if sum_of(folder / name) != wanted:
                return f"{name} has other bytes than were written"
    except OSError as error:
        return f"{error.filename or name} cannot be read: {error.strerror}"
    return ""


def seal(path: Path) -> None:
    """Write the check sum of a file behind it; an OSError is raised as it is."""
    found = sum_of(path)
    with path.open("ab") as stream:
        stream.write(found.to_bytes(_SEAL, "little"))


def unsealed(whole: memoryview) -> memoryview:
    """Return what stands before the check sum in the bytes of a file that was sealed.

    Raises:
        ValueError: when they are not as they were then.
    """
    if len(whole) < _SEAL:
        raise ValueError("no check sum is there")
    content, wanted = whole[:-_SEAL], int.from_bytes(whole[-_SEAL:], "little")
    if zlib.crc32(content) != wanted:
        raise ValueError("other bytes are there than were written")
    return content


def tell_of_damage(what: str) -> None:
    """Warn (BL932) that something which was kept is damaged, and is made again."""
    _log.warning("warning[BL932]: %s; it is made again", what)
