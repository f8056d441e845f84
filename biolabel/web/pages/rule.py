"""The page of one rule: its text, votes and company, a sample of hits and misses, why and why not."""

from collections.abc import Iterable, Sequence
from functools import partial

from markupsafe import Markup, escape
from nicegui import ui

from biolabel.curation.blame import Blame
from biolabel.evaluation.explain import Explanation
from biolabel.evaluation.sampling import Sample, Sampled
from biolabel.evaluation.why import Part
from biolabel.web.pages.layout import frame
from biolabel.web.pages.parts import (
    address,
    alert,
    button,
    card,
    chip,
    context,
    decimal,
    empty,
    figures,
    fill,
    heading,
    html,
    later,
    share,
    table,
)
from biolabel.web.pages.site import Site
from biolabel.web.service.review import blamed
from biolabel.web.service.rules import RuleDetail, RuleRow, rule_detail

_SAMPLES = 5
_KINDS = (
    ("hit", "Hits", "It votes here."),
    ("miss", "Misses", "Other rules give its vote here, and it does not."),
    ("borderline", "Borderline", "One part is missing for its vote."),
)
_SIGNS = {"yes": ("✓", "good"), "no": ("✗", "bad"), "unknown": ("?", "warn")}


def rule_page(site: Site, name: str) -> None:
    """Build the page of a rule."""
    with frame(name, "/rules"):
        later(lambda: rule_detail(site.results, name), lambda found: _show(site, found), 14)


def _show(site: Site, found: RuleDetail) -> None:
    row = found.row
    heading(row.name, f"Labeling function of {row.task}, in {found.file or 'no file any more'}")
    with card():
        html(figures(_figures(found)))
    with ui.element("div").classes("bl-two"):
        with card("Sample", "Drawn from the corpus with the rules as they are saved now."):
            _sampling(site, row)
        with ui.element("div").classes("bl-stack"):
            with card("Rule"):
                _text(found)
            with card("Why, or why not"):
                _why(site, row)
            with card("Curators"):
                _blame(site, row)
            with card("Company", "Rules that vote on the same candidates."):
                _company(found)


def _figures(found: RuleDetail) -> Iterable[tuple[str, str]]:
    row = found.row
    yield "votes", f"{row.votes:,}"
    yield "coverage", share(row.coverage)
    yield "overlap", share(row.overlap)
    yield "conflict", share(row.conflict)
    yield "alone", f"{found.alone:,}"
    yield "redundancy", share(row.redundancy)
    yield "estimated accuracy", decimal(row.estimated)
    yield "dev precision", decimal(row.dev)


def _text(found: RuleDetail) -> None:
    if not found.text:
        empty("Gone", "The rule files do not have this rule any more.")
        return
    html(Markup("<pre class='bl-pre'>{}</pre>").format(found.text))
    place = address("/editor", file=found.file, rule=found.row.name)
    html(Markup("<a href='{}'>Edit it</a>").format(place))
    votes = ((", ".join(ballot.labels), f"{ballot.votes:,}") for ballot in found.ballots)
    html(table(("votes for", "times"), votes, "votes of the rule"))


def _company(found: RuleDetail) -> None:
    if not found.companions:
        empty("Alone", "No other rule votes where it does.")
        return
    rows = (
        (
            Markup("<a href='/rule?name={0}'>{0}</a>").format(each.name),
            f"{each.together:,}",
            f"{each.same:,}",
            f"{each.conflicts:,}",
        )
        for each in found.companions[:15]
    )
    html(table(("rule", "together", "same", "conflict"), rows, "rules beside it"))


def _blame(site: Site, row: RuleRow) -> None:
    def show(found: Blame | None) -> None:
        if found is None:
            empty("No decisions", "Nobody decided on an assertion that this rule voted for.")
            return
        said = (
            f"Behind {found.share:.0%} of {found.of:,} rejections" if found.of else "No rejections"
        )
        html(Markup("<p><b>{}</b></p>").format(said))
        rows = (
            ("accepted, it voted for", f"{found.accepted:,}"),
            ("accepted, it voted against", f"{found.opposed:,}"),
            ("rejected, it voted for", f"{found.rejected:,}"),
            ("rejected for a wrong mention", f"{found.wrong_mention:,}"),
            ("rejected for a wrong relation", f"{found.wrong_relation:,}"),
        )
        html(table(("assertions", ""), rows, "decisions of curators"))

    later(lambda: blamed(site.database, row.task, row.name), show, 2)


def _sampling(site: Site, row: RuleRow) -> None:
    place = ui.element("div").classes("bl-stack")
    seeds = iter(range(10_000))

    async def draw() -> None:
        ask = partial(site.lab.sample, "corpus", row.name, _SAMPLES, next(seeds))
        await fill(place, ask, lambda found: _samples(found.sampled), 5)

    button("Draw again", draw).style("align-self: start")
    ui.timer(0.01, draw, once=True)


def _samples(found: Sampled) -> None:
    numbers = {"hit": found.hits, "miss": found.misses, "borderline": found.borderline}
    for kind, title, about in _KINDS:
        shown = [sample for sample in found.samples if sample.kind == kind]
        html(
            Markup("<h3>{} <span class='bl-muted bl-small'>{:,}. {}</span></h3>").format(
                title, numbers[kind], about
            )
        )
        html(Markup("").join(map(_sample, shown)) or Markup("<p class='bl-muted'>None.</p>"))


def _sample(sample: Sample) -> Markup:
    notes = Markup(" ").join(chip(name) for name in sample.others[:4])
    lacking = Markup("<br>lacks {}").format(sample.lacking) if sample.lacking else ""
    return Markup(
        "<div class='bl-sample'>{0}<div class='bl-small bl-muted'>"
        "<a href='{1}'>{2}</a> {3}{4}</div></div>"
    ).format(
        context(sample.context),
        address("/document", id=sample.document),
        sample.document,
        notes,
        lacking,
    )


def _why(site: Site, row: RuleRow) -> None:
    marks = "{chemical: Lithium} caused {disease: tremor}" if row.kind == "relation" else "a {span}"
    document = ui.input("Document id").props("outlined dense")
    text = ui.textarea("or a text with marks", placeholder=marks).props(
        "outlined dense autogrow stack-label"
    )
    place = ui.element("div").classes("bl-stack").props("aria-live=polite")

    async def ask() -> None:
        if not (document.value or text.value):
            place.clear()
            with place:
                html(Markup("<p class='bl-muted'>Give an id or a text.</p>"))
            return
        why = partial(site.lab.why, row.name, document.value.strip(), text.value.strip(), ())
        await fill(place, why, _explain, 3)

    button("Explain", ask, main=True).style("align-self: start")
    place.move(target_index=-1)


def _explain(found: Explanation) -> None:
    html(explanation(found))


def explanation(found: Explanation) -> Markup:
    """Return why a rule votes or does not, part by part."""
    kind = "good" if found.verdict == "yes" else "warn"
    about = Markup("<br>").join(map(escape, found.about))
    return alert(Markup("<b>{}</b><br>{}").format(found.headline, about), kind=kind) + _parts(
        found.parts
    )


def _parts(parts: Sequence[Part]) -> Markup:
    return Markup("<ul class='bl-tree'>{}</ul>").format(Markup("").join(map(_part, parts)))


def _part(part: Part) -> Markup:
    sign, kind = _SIGNS[part.verdict]
    note = Markup("<br><span class='bl-small bl-muted'>{}</span>")
    lines = Markup("").join(note.format(line) for line in (*part.notes, part.hint) if line)
    role = Markup("<span class='bl-muted'>{}</span> ").format(part.role) if part.role else ""
    return Markup(
        "<li><span class='bl-{}' aria-label='{}'>{}</span> {}<code>{}</code>{}{}</li>"
    ).format(
        kind, part.verdict, sign, role, part.text, lines, _parts(part.parts) if part.parts else ""
    )
