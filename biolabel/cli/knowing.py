"""Knowledge bases on the terminal: the catalog, sources, concepts, what searches find."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from rich.table import Table

from biolabel.workflow.knowledge.listing import Listed, Size

if TYPE_CHECKING:
    from biolabel.kb.cards import Card, Labeled
    from biolabel.workflow.knowledge.build import Built
    from biolabel.workflow.knowledge.look import Shown
    from biolabel.workflow.knowledge.search import Match

_CITED = 5
"""Documents of a pair that a table names; JSON has all."""
_STATES: Mapping[str, str] = {
    "there": "there, sha256 holds",
    "missing": "missing",
    "changed": "there, another sha256",
    "unreadable": "cannot be read",
    "broken": "its kb.toml cannot be read",
}
_NOT_KEPT: Mapping[str, str] = {
    "terms": "no: built as fast as opened",
    "pairs": "by each run, without the evidence from its documents",
}


def list_table(found: Sequence[Listed]) -> Table:
    """Return the catalog as a table, an entry a row."""
    table = Table()
    table.add_column("name", no_wrap=True)
    table.add_column("kind")
    for name in ("concepts or pairs", "names or evidence"):
        table.add_column(name, justify="right")
    for name in ("version", "licence", "file", "state"):
        table.add_column(name, overflow="fold")
    for each in found:
        row, size = each.entry, each.size
        if row is None:
            table.add_row(each.name, *[""] * 5, str(each.place), _STATES[each.state])
            continue
        numbers = ("", "") if size is None else _numbers(size)
        file = f"{'BIOLABEL_DATA' if row.where == 'data' else 'biolabel'}: {row.file}"
        known = (row.version, row.licence, file, _STATES[each.state])
        table.add_row(row.name, row.kind, *numbers, *known)
    return table


def _numbers(size: Size) -> tuple[str, str]:
    if size.pairs or not size.concepts:
        return f"{size.pairs:,}", f"{size.evidence:,}"
    return f"{size.concepts:,}", f"{size.names:,}"


def listed_json(each: Listed) -> dict[str, Any]:
    """Return an entry of the catalog as plain values."""
    size = asdict(each.size) if each.size is not None else None
    about = each.entry.model_dump(exclude_defaults=True) if each.entry is not None else {}
    found = {"place": str(each.place), "state": each.state, "size": size, "problem": each.problem}
    return {"name": each.name} | about | found


def source_lines(name: str, found: Listed | Size) -> Iterator[str]:
    """Yield what there is to say of a knowledge base, a line each."""
    size = found.size if isinstance(found, Listed) else found
    if isinstance(found, Listed) and found.entry is not None:
        yield f"{name}: {found.entry.title}"
        for label in ("source", "version", "licence", "cite", "sha256"):
            value = getattr(found.entry, label)
            if value:
                yield f"  {label}: {value}"
        yield f"  file: {found.place} ({_STATES[found.state]})"
        if found.problem:
            yield f"  {found.problem}"
    else:
        yield name
    if size is None:
        return
    if size.pairs or not size.concepts:
        cited = f", from {size.documents:,} documents" if size.documents else ""
        yield f"  holds: {size.pairs:,} pairs, {size.evidence:,} pieces of evidence{cited}"
        if size.parts:
            yield f"  parts: {', '.join(size.parts)}"
    else:
        yield f"  holds: {size.concepts:,} concepts, {size.names:,} names"


def shown_lines(found: "Shown", n: int) -> Iterator[RenderableType]:
    """Yield what is known of a concept: its card, and its pairs, at most n of each kind."""
    if found.card is None:
        yield f"{found.concept}  {found.name}".rstrip()
    else:
        yield from _card_lines(found.card, n)
    if found.partners:
        yield ""
        table = Table(title="pairs", title_justify="left")
        for name in ("knowledge base", "the other is", "concept", "name", "parts"):
            table.add_column(name, overflow="fold")
        table.add_column("evidence", justify="right")
        table.add_column("documents", overflow="fold")
        for each in found.partners[:n]:
            shown = " ".join(each.documents[-_CITED:])
            more = f" and {len(each.documents) - _CITED:,} more" * (len(each.documents) > _CITED)
            table.add_row(
                each.kb, each.side, each.concept, each.name, ", ".join(each.parts),
                f"{each.count:,}", shown + more,
            )  # fmt: skip
        yield table
        if len(found.partners) > n:
            yield f"{len(found.partners) - n:,} more pairs; --n shows more"
    elif found.card is not None:
        yield "  pairs: in no table of the catalog"
    for name, why in found.left_out.items():
        yield f"{name} was not asked: {why}"


def _card_lines(card: "Card", n: int) -> Iterator[str]:
    yield f"{card.id}  {card.preferred or '(no name here)'}"
    if card.asked:
        yield f"  {card.asked} is now {card.id}"
    for kind, names in card.names.items():
        label = "names" if kind == "exact" else f"{kind} names"
        yield from _values(label, [name for name in names if name != card.preferred], n)
    for label, values in (
        ("tree numbers", card.trees),
        ("types", card.types),
        ("above", _named(card.parents)),
        ("below", _named(card.children)),
        ("same elsewhere", card.references),
        ("old identifiers", card.old),
    ):
        yield from _values(label, values, n)


def _values(label: str, values: Sequence[str], n: int) -> Iterator[str]:
    if values:
        more = f", and {len(values) - n:,} more" if len(values) > n else ""
        yield f"  {label}: {'; '.join(values[:n])}{more}"


def _named(concepts: "Labeled") -> list[str]:
    return [f"{name} ({concept})" if name else concept for concept, name in concepts]


def search_table(found: "Sequence[Match]") -> Table:
    """Return what a search found, a concept of a knowledge base a row."""
    table = Table()
    for name in ("concept", "preferred name", "found as", "why", "knowledge base"):
        table.add_column(name, overflow="fold")
    for each in found:
        why = each.why if each.alike == 1 else f"{each.why}, {each.alike:.0%}"
        form = each.name if each.why != "other form" else f"{each.form} (of {each.name})"
        table.add_row(each.concept, each.preferred, form, why, each.kb)
    return table


def built_table(found: "Sequence[Built]") -> Table:
    """Return built indices, one a row."""
    table = Table()
    table.add_column("name", no_wrap=True)
    for name in ("kind", "variants"):
        table.add_column(name)
    for name in ("concepts or pairs", "forms or evidence", "seconds", "MB kept"):
        table.add_column(name, justify="right")
    table.add_column("kept", overflow="fold")
    for each in found:
        numbers = f"{each.entries:,}", f"{each.forms:,}", f"{each.seconds:.2f}"
        size = f"{each.size / 1e6:.1f}" if each.place else ""
        kept = _NOT_KEPT[each.kind] if each.place is None else str(each.place)
        state = f"{'there already: ' if each.reused else ''}{kept}"
        table.add_row(each.name, each.kind, ", ".join(each.ways), *numbers, size, state)
    return table
