"""Two versions of a knowledge base on the terminal: what changed, and whom that concerns."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from rich.table import Table

from biolabel.kb.versions import OntologyDiff, PairsDiff

if TYPE_CHECKING:
    from biolabel.workflow.knowledge.effects import Effects, HitChange, TouchedAssertion

    Again = Mapping[str, Sequence[TouchedAssertion]]


def diff_lines(found: OntologyDiff | PairsDiff, n: int) -> Iterator[str]:
    """Yield what changed, each kind of change with its number and at most n of them."""
    groups = _of_terms(found) if isinstance(found, OntologyDiff) else _of_pairs(found)
    nothing = True
    for title, lines in groups:
        if lines:
            nothing = False
            yield f"{title}: {len(lines):,}"
            yield from (f"  {line}" for line in lines[:n])
            if len(lines) > n:
                yield f"  and {len(lines) - n:,} more"
    if nothing:
        yield "no difference"


def _of_terms(found: OntologyDiff) -> Iterator[tuple[str, list[str]]]:
    def called(concepts: Sequence[str]) -> list[str]:
        return [f"{c}  {found.called.get(c, '')}" for c in concepts]

    yield "concepts added", called(found.added)
    yield "concepts gone", called(found.gone)
    merged = [
        f"{c}  {name}: now {new}  {found.called.get(new, '')}" for c, name, new in found.merged
    ]
    yield "concepts merged", merged
    yield "concepts obsolete now", called(found.obsoleted)
    yield "renamed", [f"{c}  {old}: now {new}" for c, old, new in found.renamed]
    yield "names added", [f"{c}  {name}" for c, name in found.names_added]
    yield "names gone", [f"{c}  {name}" for c, name in found.names_gone]
    yield "moved in the hierarchy", called(found.moved)


def _of_pairs(found: PairsDiff) -> Iterator[tuple[str, list[str]]]:
    yield "pairs added", [" ".join(pair) for pair in found.added]
    yield "pairs gone", [" ".join(pair) for pair in found.gone]
    yield (
        "other evidence",
        [f"{' '.join(p)}: {old:,}, now {new:,}" for p, old, new in found.evidence],
    )
    yield "parts added", list(found.parts_added)
    yield "parts gone", list(found.parts_gone)


def effect_lines(
    effects: "Effects | None",
    task: Path | None,
    again: "Again",
    old: str,
    n: int,
) -> Iterator[RenderableType]:
    """Yield whom the changes concern: rules, hits in the corpus, assertions; effects None: not asked.

    again: what to call a group of assertions, to those of it that are touched.
    """
    if effects is not None:
        yield ""
        if not effects.touched and not effects.hits:
            yield f"no rule of {task} reads {old}"
        else:
            yield from _touched(effects)
            for each in effects.hits:
                yield from _hits(each, n)
    for title, touched in again.items():
        yield ""
        yield f"{title} to look at again: {len(touched):,}"
        for found in touched[:n]:
            a = found.assertion
            yield f"  {a.subject_name} {a.predicate} {a.object_name}: {found.why}"
        if len(touched) > n:
            yield f"  and {len(touched) - n:,} more"


def _touched(effects: "Effects") -> Iterator[RenderableType]:
    table = Table(title="rules and declarations", title_justify="left")
    for name in ("what", "name", "place", "why"):
        table.add_column(name, overflow="fold")
    for each in effects.touched:
        table.add_row(each.what, each.name, f"{each.file}:{each.line}", each.how)
    yield table


def _hits(found: "HitChange", n: int) -> Iterator[str]:
    if found.problem:
        yield f"hits of {found.name} in the corpus: none, {found.problem}"
        return
    yield (
        f"hits of {found.name} in the corpus: {found.before:,}, now {found.now:,}"
        f" ({found.gained:,} gained, {found.lost:,} lost, {found.other:,} of other concepts)"
    )
    for text, how, times in found.examples[:n]:
        yield f'  {times:,} times "{text}": {how}'


def diff_json(
    found: OntologyDiff | PairsDiff,
    effects: "Effects | None",
    again: "Again",
) -> dict[str, Any]:
    """Return all of a comparison as plain values."""
    groups = {
        title.replace(" ", "_"): [
            {
                "subject": each.assertion.subject,
                "predicate": each.assertion.predicate,
                "object": each.assertion.object,
                "why": each.why,
            }
            for each in touched
        ]
        for title, touched in again.items()
    }
    plain = {name: value for name, value in asdict(found).items() if name != "called"}
    return plain | {"task": asdict(effects) if effects else None, "assertions": []} | groups
