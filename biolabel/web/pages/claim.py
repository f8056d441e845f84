"""An assertion as curators read it: what is claimed, what knowledge bases say, evidence, decisions."""

from collections.abc import Iterable, Mapping, Sequence

from markupsafe import Markup, escape

from biolabel.curation.known import Statement
from biolabel.curation.review import Decision, Reviewed, State
from biolabel.web.pages.parts import address, chip, decimal
from biolabel.web.service.curating import Look, Row

STATES: Mapping[State, str] = {
    "undecided": "",
    "accepted": "good",
    "rejected": "bad",
    "unsure": "warn",
    "disputed": "warn",
}
"""The states, and the kind of their labels."""
STATUS = {"known": "good", "contradicts": "bad", "refines": "", "new": "", "unchecked": ""}
"""How an assertion stands against knowledge bases, and the kind of the label."""
SIGNS: Mapping[State, str] = {
    "undecided": "○",
    "accepted": "✓",
    "rejected": "✗",
    "unsure": "?",
    "disputed": "≠",
}
"""Signs of the states, so that no color is needed to tell them apart."""
_SHOWN = 12
"""Rows of evidence that are shown at first."""
_PAPERS = 5
"""Papers of a knowledge base that are named."""


def claim(found: Look) -> Markup:
    """Return an assertion with its evidence and what was decided on it."""
    number = {row.id: at for at, row in enumerate(found.rows, start=1)}
    return Markup("<article id='bl-claim' data-id='{}'>{}{}{}{}</article>").format(
        found.reviewed.id,
        _head(found.reviewed),
        _knowledge(found.reviewed),
        _evidence(found, number),
        _history(found.reviewed.decisions, number),
    )


def state_chip(reviewed: Reviewed) -> Markup:
    """Return the label of an assertion's state."""
    state = reviewed.outcome.state
    settled = ", settled" if reviewed.outcome.settled else ""
    return chip(f"{SIGNS[state]} {state}{settled}", STATES[state])


def _head(reviewed: Reviewed) -> Markup:
    found = reviewed.assertion
    labels = [chip(reviewed.task), state_chip(reviewed)]
    if not reviewed.current:
        labels.append(chip("the last run does not assert it", "warn"))
    figures = [
        ("probability", decimal(found.probability)),
        ("best document", decimal(found.maximum)),
        ("calibrated", decimal(found.calibrated)),
        ("documents", f"{found.documents:,}"),
        ("contradicting", f"{found.contradicting:,}"),
    ]
    numbers = Markup("").join(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(name, value) for name, value in figures
    )
    return Markup(
        "<div class='bl-claim-head'><h2 tabindex='-1'><mark class='m m1'>{}</mark>"
        " <span class='bl-predicate'>{}</span> <mark class='m m2'>{}</mark></h2>"
        "<div class='bl-row bl-small'>{}{}{}</div><dl class='bl-facts'>{}</dl></div>"
    ).format(
        found.subject_name,
        found.predicate.replace("_", " "),
        found.object_name,
        Markup("").join(labels),
        _concept(found.subject),
        _concept(found.object),
        numbers,
    )


def _concept(concept: str) -> Markup:
    """Return a concept, which leads to all assertions about it and what is below it."""
    place = address("/curate", concept=concept, state="any")
    return Markup("<a href='{}' title='all assertions about it'>{}</a>").format(place, concept)


def _knowledge(reviewed: Reviewed) -> Markup:
    found = reviewed.assertion
    lines = [
        *(_statement("Known from", each) for each in found.known_from),
        *(_statement("Contradicted by", each) for each in found.contradicted_by),
        *(_statement("Refines", each) for each in found.refines),
    ]
    if not lines:
        said = {
            "new": "No knowledge base that the rules ask has it.",
            "unchecked": "The rules ask no knowledge base about it.",
        }
        lines = [escape(said.get(found.status, ""))]
    items = Markup("").join(Markup("<li>{}</li>").format(line) for line in lines)
    return Markup("<div class='bl-knowledge'><h3>Knowledge bases {}</h3><ul>{}</ul></div>").format(
        chip(found.status, STATUS[found.status]), items
    )


def _statement(kind: str, found: Statement) -> Markup:
    pair = Markup(": {} → {}").format(*found.pair) if found.pair else ""
    papers = Markup(", ").join(map(escape, found.documents[:_PAPERS]))
    more = len(found.documents) - _PAPERS
    if more > 0:
        papers += f" and {more:,} more"
    named = Markup(" <span class='bl-muted'>({})</span>").format(papers) if papers else ""
    return Markup("{} <b>{}</b>{}{}").format(kind, found.kb, pair, named)


def _evidence(found: Look, number: Mapping[str, int]) -> Markup:
    sides = (
        ("Supports it", [row for row in found.rows if not row.against and not row.gone]),
        ("Speaks against it", [row for row in found.rows if row.against and not row.gone]),
        ("Was evidence once", [row for row in found.rows if row.gone]),
    )
    return Markup("").join(
        Markup(
            "<h3>{} <span class='bl-muted'>{:,}</span></h3><ol class='bl-rows'>{}</ol>{}"
        ).format(
            title,
            len(rows),
            Markup("").join(_row(row, number[row.id], found.reviewed) for row in rows[:_SHOWN]),
            _rest(rows[_SHOWN:], number, found.reviewed),
        )
        for title, rows in sides
        if rows
    )


def _rest(rows: Sequence[Row], number: Mapping[str, int], reviewed: Reviewed) -> Markup:
    if not rows:
        return Markup("")
    return Markup(
        "<details><summary>{:,} more</summary><ol class='bl-rows'>{}</ol></details>"
    ).format(len(rows), Markup("").join(_row(row, number[row.id], reviewed) for row in rows))


def _row(row: Row, number: int, reviewed: Reviewed) -> Markup:
    own = [each for each in reviewed.decisions if each.evidence == row.id and each.verdict]
    undone = {each.undoes for each in reviewed.decisions}
    verdicts = Markup(" ").join(
        chip(f"{each.by}: {each.verdict}", "good" if each.verdict == "accept" else "bad")
        for each in own
        if each.id not in undone
    )
    return Markup(
        "<li data-evidence='{}' data-number='{}'><p class='bl-sentence'>{}</p>"
        "<div class='bl-row bl-small bl-muted'>{}</div><div class='bl-votes'>{} {}</div></li>"
    ).format(row.id, number, _sentence(row), _source(row), _rules(row), verdicts)


def _sentence(row: Row) -> Markup:
    if not row.evidence.text:
        return Markup("<span class='bl-muted'>The place in the document is not known.</span>")
    names = {"subject": "m1", "object": "m2"}
    return Markup("").join(
        Markup("<mark class='m {}' title='{}'>{}</mark>").format(
            names[piece.name], piece.name, piece.text
        )
        if piece.name
        else escape(piece.text)
        for piece in row.pieces
    )


def _source(row: Row) -> Markup:
    found = row.evidence
    name: str | Markup = f"document {found.document}"
    if row.part:
        place = address("/document", part=row.part, id=found.document)
        name = Markup("<a href='{}'>{}</a>").format(place, name)
    facts = [
        name,
        " ".join(each for each in (found.journal, str(found.year or "")) if each),
        found.passage,
        "not predicted" if found.probability is None else f"probability {found.probability:.3f}",
        "" if found.by_rules is None else f"label model {found.by_rules:.3f}",
        "" if found.by_text is None else f"end model {found.by_text:.3f}",
    ]
    return Markup("").join(Markup("<span>{}</span>").format(fact) for fact in facts if fact)


def _rules(row: Row) -> Markup:
    found = row.evidence
    sides = ((found.rules_for, "+", "good", "for"), (found.rules_against, "-", "bad", "against"))
    chips = [
        Markup("<a class='bl-chip {}' href='{}' title='votes {}'>{} {}</a>").format(
            kind, address("/rule", name=rule), side, sign, rule
        )
        for rules, sign, kind, side in sides
        for rule in rules
    ]
    return Markup("").join(chips) or Markup("<span>no rule voted: predicted from the text</span>")


def _history(decisions: Iterable[Decision], number: Mapping[str, int]) -> Markup:
    made = list(decisions)
    if not made:
        return Markup("<h3>Decisions</h3><p class='bl-muted'>Nobody has decided yet.</p>")
    undone = {each.undoes for each in made}
    lines = Markup("").join(_decision(each, each.id in undone, number) for each in reversed(made))
    return Markup("<h3>Decisions</h3><ul class='bl-history'>{}</ul>").format(lines)


def _decision(made: Decision, undone: bool, number: Mapping[str, int]) -> Markup:
    what: str = made.verdict or "took a decision back"
    if made.kind == "adjudication" and made.verdict:
        what = f"settles: {made.verdict}"
    about = f" on sentence {number.get(made.evidence, '?')}" if made.evidence else ""
    text = Markup("<s>{}</s> (taken back)").format(what) if undone else escape(what)
    comment = Markup("<q>{}</q>").format(made.comment) if made.comment else ""
    return Markup(
        "<li><b>{}</b> {}{} <time class='bl-muted bl-small' datetime='{}'>{:%Y-%m-%d %H:%M} UTC</time>"
        " {}</li>"
    ).format(made.by, text, about, made.at.isoformat(), made.at, comment)
