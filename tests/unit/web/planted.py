"""Assertions made up for tests and benchmarks of the server."""

from collections.abc import Iterator

import numpy as np

from biolabel.curation.assertions import Assertion
from biolabel.curation.evidence import Evidence
from biolabel.curation.known import Status

STATUSES: tuple[Status, ...] = ("new", "known", "unchecked", "refines", "contradicts")
HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)>"


def planted(n: int, seed: int = 0, *, rules: int = 20) -> Iterator[Assertion]:
    """Yield n assertions about distinct pairs, each with one to four rows of evidence."""
    rng = np.random.default_rng(seed)
    shares = rng.random((n, 5))
    chosen = rng.integers(0, rules, (n, 3))
    for i in range(n):
        rows = tuple(
            Evidence(
                document=str(1_000_000 + (7 * i + j) % 50_000),
                passage="abstract",
                text=f"Compound {i} was followed by finding {i % 977} in patient {j}.",
                start=100 * j,
                end=100 * j + 40,
                probability=float(shares[i, j]),
                rules_for=(f"rule_{chosen[i, 0]}", f"rule_{chosen[i, 1]}"),
                rules_against=(f"rule_{chosen[i, 2]}",) if j % 2 else (),
                journal=f"Journal {i % 41}",
                year=1980 + i % 45,
            )
            for j in range(1 + i % 4)
        )
        yield Assertion(
            subject=f"MESH:C{i // 5:06d}",
            predicate="causes",
            object=f"MESH:D{i % 977:06d}" if i % 5 else f"MESH:D9{i:06d}",
            subject_name=f"compound {i // 5}",
            object_name=f"finding {i % 977}",
            probability=float(shares[i].max()),
            maximum=float(shares[i].max()),
            documents=len(rows),
            status=STATUSES[i % len(STATUSES)],
            evidence=rows,
        )
