"""Packed files that unpack to far more than their size."""

import io
from pathlib import Path

import pytest

from biolabel.data import growth


class TooMuchError(Exception):
    """What the tests refuse with."""


def test_small_files_may_grow_much_and_large_ones_two_hundred_times(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x")
    assert growth.allowed(path) == growth.HARMLESS
    with path.open("wb") as file:
        file.truncate(growth.HARMLESS)
    assert growth.allowed(path) == growth.GROWTH * growth.HARMLESS


def test_what_is_allowed_is_read_and_one_byte_more_is_not() -> None:
    content = b"a\nb\n" * 10
    whole = growth.limited(io.BytesIO(content), len(content), TooMuchError)
    assert whole.read() == content
    stream = growth.limited(io.BytesIO(content), len(content) - 1, TooMuchError)
    with pytest.raises(TooMuchError):
        stream.read()
