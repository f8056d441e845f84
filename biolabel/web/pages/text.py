"""A document's text with its mentions, the evidence of a rule, and what stands behind each mention."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from markupsafe import Markup

from biolabel.data.documents import mention_key
from biolabel.web.service.documents import DocumentView, Passage, Stretch, Vote
from biolabel.web.service.overview import SYSTEMS

Span = tuple[int, int]


def text(found: DocumentView, rule: str, concepts: Sequence[str]) -> Markup:
    """Return the text; rule: the one whose evidence is marked; concepts: mentions that stand out."""
    spans = sorted({(vote.start, vote.end) for vote in _votes(found) if vote.rule == rule})
    passages = Markup("").join(
        _passage(each, found.types, spans, concepts) for each in found.passages
    )
    return Markup("<article class='bl-text'>{}</article>").format(passages)


def key(types: Sequence[str]) -> Markup:
    """Return what each kind of highlight means."""
    marks = Markup("").join(
        Markup("<mark class='m m{}'>{}</mark>").format(at % 6 + 1, name)
        for at, name in enumerate(types)
    )
    return Markup("<div class='bl-key' aria-label='types of mentions'>{}</div>").format(marks)


def _votes(found: DocumentView) -> Iterator[Vote]:
    for passage in found.passages:
        for stretch in passage.stretches:
            yield from stretch.votes
    for verdict in found.verdicts:
        yield from verdict.votes


def _passage(
    passage: Passage, types: Sequence[str], spans: Sequence[Span], concepts: Sequence[str]
) -> Markup:
    name = passage.heading or (
        passage.kind if passage.kind not in ("title", "abstract", "") else ""
    )
    title = Markup("<h3>{}</h3>").format(name) if name else ""
    body = Markup("").join(_stretch(each, types, spans, concepts) for each in passage.stretches)
    kind = "title" if passage.kind == "title" else ""
    return Markup("{}<p class='{}'>{}</p>").format(title, kind, body)


def _stretch(
    shown: Stretch, types: Sequence[str], spans: Sequence[Span], concepts: Sequence[str]
) -> Markup:
    inner = Markup("").join(_pieces(shown, spans))
    if not shown.type:
        return inner
    names = {*shown.concepts, mention_key(shown.start, shown.end, shown.type)}
    lit = " on" if names & set(concepts) else ""
    return Markup(
        "<mark class='m m{}{} bl-tip' tabindex='0'>{}<span class='tip' role='tooltip'>{}</span></mark>"
    ).format(types.index(shown.type) % 6 + 1, lit, inner, _behind(shown))


def _pieces(shown: Stretch, spans: Sequence[Span]) -> Iterator[Markup]:
    """Yield a stretch cut where the evidence of a rule begins and ends."""
    inside = [
        (max(start, shown.start), min(end, shown.end))
        for start, end in spans
        if start < shown.end and shown.start < end
    ]
    edges = sorted({shown.start, shown.end, *(edge for span in inside for edge in span)})
    for low, high in pairwise(edges):
        piece = shown.text[low - shown.start : high - shown.start]
        marked = any(start <= low and high <= end for start, end in inside)
        yield Markup("<mark class='e'>{}</mark>" if marked else "{}").format(piece)


def _behind(shown: Stretch) -> Markup:
    """Return what a mention is, which systems have it, and the votes on its words."""
    systems = ", ".join(SYSTEMS[name] for name in shown.systems) or "no other system"
    lines = [
        Markup("<b>{}</b> {}").format(shown.type, ", ".join(shown.concepts) or "no concept"),
        Markup("found by {}").format(systems),
        *(Markup("{}: {}").format(vote.rule, " or ".join(vote.labels)) for vote in shown.votes[:8]),
    ]
    return Markup("").join(Markup("<span>{}</span>").format(line) for line in lines)
