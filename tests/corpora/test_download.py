"""Downloads: resumed, held to hashes, and never a wrong or half file under its name."""

import errno
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from corpora_scripts.download import Locked, Remote, fetch, read_lock, write_lock

import pytest

from biolabel.errors import KnowledgeError

CONTENT = bytes(range(256)) * 4000
SHA = hashlib.sha256(CONTENT).hexdigest()
Get = Callable[..., Path]


def silent(*_: object) -> None:
    """Draw nothing."""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return tmp_path / "files"


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / "sources.lock"


@pytest.fixture
def get(server: Any, files: Path, lock: Path) -> Get:
    """Fetch `a.bin`, in three attempts unless a test wants fewer."""

    def fetched(pauses: tuple[float, ...] = (0.0, 0.0), **more: Any) -> Path:
        return fetch(Remote(f"{server.address}/a.bin", **more), files, lock, silent, pauses)

    return fetched


def code_of(get: Get, **more: Any) -> str:
    with pytest.raises(KnowledgeError) as caught:
        get(**more)
    return caught.value.code


def test_whole_file_is_locked_and_not_fetched_again(
    server: Any, get: Get, files: Path, lock: Path
) -> None:
    server.put("a.bin", CONTENT)
    assert get().read_bytes() == CONTENT
    assert read_lock(lock) == {f"{server.address}/a.bin": Locked(SHA, len(CONTENT))}
    get()
    assert len(server.asked) == 1
    assert [path.name for path in files.iterdir()] == ["a.bin"]


def test_progress_counts_bytes_of_the_whole_file(server: Any, files: Path, lock: Path) -> None:
    server.put("a.bin", CONTENT).cuts = [1000]
    seen: list[tuple[str, int, int]] = []
    fetch(
        Remote(f"{server.address}/a.bin"),
        files,
        lock,
        lambda name, done, total: seen.append((name, done, total)),
        (0.0,),
    )
    assert ("a.bin", 1000, len(CONTENT)) in seen
    assert seen[-1] == ("a.bin", len(CONTENT), len(CONTENT))


def test_cut_off_transfer_goes_on_where_it_ended(server: Any, get: Get) -> None:
    server.put("a.bin", CONTENT).cuts = [1000, 20000]
    assert get().read_bytes() == CONTENT
    assert [asked.get("Range") for asked in server.asked] == [None, "bytes=1000-", "bytes=21000-"]


def test_next_run_goes_on_after_one_that_failed(
    server: Any, get: Get, files: Path, lock: Path
) -> None:
    server.put("a.bin", CONTENT).cuts = [1000]
    assert code_of(get, pauses=()) == "BL750"
    assert (files / "a.bin.part").read_bytes() == CONTENT[:1000]
    assert not (files / "a.bin").exists()
    assert not lock.exists()
    assert get().read_bytes() == CONTENT
    assert server.asked[-1]["Range"] == "bytes=1000-"
    assert sorted(path.name for path in files.iterdir()) == ["a.bin"]


def test_file_that_moved_is_followed_also_for_the_rest(server: Any, get: Get) -> None:
    server.put("a.bin", b"").moved = "b.bin"
    server.put("b.bin", CONTENT).cuts = [1000]
    assert get().read_bytes() == CONTENT
    assert server.asked[-1]["Range"] == "bytes=1000-"


def test_full_disk_is_not_tried_again(
    server: Any, get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    server.put("a.bin", CONTENT)
    monkeypatch.setattr("corpora_scripts.download._transfer", full)
    with pytest.raises(OSError, match="No space"):
        get(pauses=(1000.0,))


def test_rest_of_another_version_is_not_appended(server: Any, get: Get) -> None:
    served = server.put("a.bin", b"old" * 1000)
    served.cuts = [1000]
    assert code_of(get, pauses=()) == "BL750"
    server.put("a.bin", CONTENT).tag = '"2"'
    assert get().read_bytes() == CONTENT


@pytest.mark.parametrize(("tag", "ranges"), [('W/"1"', True), ("", True), ('"1"', False)])
def test_transfer_starts_over_where_the_server_cannot_go_on(
    server: Any, get: Get, tag: str, ranges: bool
) -> None:
    served = server.put("a.bin", CONTENT)
    served.cuts, served.tag, served.ranges = [1000], tag, ranges
    assert get().read_bytes() == CONTENT


def test_part_that_is_whole_already_is_taken(server: Any, get: Get, files: Path) -> None:
    server.put("a.bin", CONTENT)
    files.mkdir()
    (files / "a.bin.part").write_bytes(CONTENT)
    (files / "a.bin.part.version").write_text('"1"', encoding="utf-8")
    assert get().read_bytes() == CONTENT
    assert len(server.asked) == 1


def test_part_longer_than_the_file_is_fetched_anew(server: Any, get: Get, files: Path) -> None:
    server.put("a.bin", CONTENT)
    files.mkdir()
    (files / "a.bin.part").write_bytes(CONTENT + b"more")
    (files / "a.bin.part.version").write_text('"1"', encoding="utf-8")
    assert get().read_bytes() == CONTENT


def test_missing_file_is_told_at_once(server: Any, get: Get, files: Path) -> None:
    with pytest.raises(KnowledgeError, match="404") as caught:
        get()
    assert caught.value.code == "BL750"
    assert "--from" in caught.value.hint
    assert len(server.asked) == 1
    assert list(files.iterdir()) == []


def test_busy_server_is_asked_again(server: Any, get: Get) -> None:
    server.put("a.bin", CONTENT).statuses = [503, 429]
    assert get().read_bytes() == CONTENT


def test_server_that_stays_busy_is_an_error(server: Any, get: Get) -> None:
    server.put("a.bin", CONTENT).statuses = [503] * 3
    assert code_of(get) == "BL750"
    assert len(server.asked) == 3


def test_server_that_is_not_there_is_an_error(files: Path, lock: Path) -> None:
    remote = Remote("http://127.0.0.1:9/a.bin")
    with pytest.raises(KnowledgeError) as caught:
        fetch(remote, files, lock, silent, (0.0,))
    assert caught.value.code == "BL750"


def test_only_the_web_is_asked(tmp_path: Path, files: Path, lock: Path) -> None:
    secret = tmp_path / "a.bin"
    secret.write_bytes(b"secret")
    with pytest.raises(KnowledgeError, match="no http"):
        fetch(Remote(secret.as_uri()), files, lock, silent, ())


def test_another_content_than_stated_leaves_nothing(
    server: Any, get: Get, files: Path, lock: Path
) -> None:
    server.put("a.bin", CONTENT + b"x")
    assert code_of(get, sha256=SHA) == "BL704"
    assert list(files.iterdir()) == []
    assert not lock.exists()
    server.put("a.bin", CONTENT)
    assert get(sha256=SHA).read_bytes() == CONTENT


def test_later_download_must_equal_the_locked_one(server: Any, get: Get, lock: Path) -> None:
    server.put("a.bin", CONTENT)
    get().unlink()
    server.put("a.bin", CONTENT + b"x")
    with pytest.raises(KnowledgeError, match="has the sha256") as caught:
        get()
    assert caught.value.code == "BL704"
    assert str(lock) in caught.value.hint


def test_file_that_changed_on_disk_is_found(server: Any, get: Get) -> None:
    server.put("a.bin", CONTENT)
    get().write_bytes(b"changed")
    assert code_of(get) == "BL704"


@pytest.mark.parametrize(("stated", "right"), [(CONTENT, True), (b"other", False)])
def test_md5_beside_a_file_must_be_its_own(
    server: Any, get: Get, stated: bytes, right: bool
) -> None:
    server.put("a.bin", CONTENT)
    digest = hashlib.md5(stated, usedforsecurity=False).hexdigest()
    server.put("a.bin.md5", f"MD5(a.bin)= {digest}\n".encode())
    if right:
        assert get(md5=True).read_bytes() == CONTENT
    else:
        assert code_of(get, md5=True) == "BL704"


def test_lock_keeps_other_files_and_is_written_in_order(tmp_path: Path) -> None:
    path = tmp_path / "x.lock"
    known = {"https://b": Locked("b" * 64, 2), "https://a": Locked("a" * 64, 1)}
    write_lock(path, known)
    assert read_lock(path) == known
    assert [line.split()[-1] for line in path.read_text("utf-8").splitlines()[1:]] == [
        "https://a",
        "https://b",
    ]


def test_broken_line_of_the_lock_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.lock"
    path.write_text(f"# head\n{'a' * 64}  1  https://a\nabc 1 https://b\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match="line 3") as caught:
        read_lock(path)
    assert caught.value.code == "BL752"
