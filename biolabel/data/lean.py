"""What a command does without, so that it starts sooner."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


class _Refused:
    """A finder that says of one package that it is not there."""

    def __init__(self, package: str) -> None:
        self._package = package

    def find_spec(self, name: str, *_: object) -> None:
        """Leave every other package to the finders behind this one.

        Raises:
            ModuleNotFoundError: for the package, as where it is not installed.
        """
        if name == self._package:
            raise ModuleNotFoundError(f"{name} is not asked for here", name=name)


def spare_pandas() -> None:
    """Let pyarrow go without pandas in this process.

    Where pandas is installed pyarrow imports it at its first array, to know series when it is given
    some, and that is a sixth of what a short command takes (`benchmarks/edit.py`). Commands give it
    none. Whoever asks for pandas itself still gets it, as does `to_pandas`.
    """
    with _refused("pandas"):
        import pyarrow as pa

        pa.array([0])


@contextmanager
def _refused(package: str) -> Iterator[None]:
    finder = _Refused(package)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
