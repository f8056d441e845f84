"""The queue beside the assertion: what waits, and how far one has come."""

from collections.abc import Sequence

from markupsafe import Markup

from biolabel.curation.review import Reviewed
from biolabel.web.pages.claim import SIGNS, STATES
from biolabel.web.service.curating import Stretch


def queue(rows: Sequence[Reviewed], shown: str, *, more: bool) -> Markup:
    """Return the assertions so far, the shown one marked; more: the queue has others behind them."""
    items = Markup("").join(_item(row, row.id == shown) for row in rows)
    rest = Markup("<li class='bl-muted bl-small'>more follow behind the last one</li>")
    return Markup("<ol class='bl-queue' aria-label='queue'>{}{}</ol>").format(
        items, rest if more else ""
    )


def progress(found: Stretch) -> Markup:
    """Return how many assertions the queue has, and how many of all are in each state."""
    total = sum(found.states.values())
    decided = total - found.states.get("undecided", 0)
    states = ", ".join(
        f"{found.states[state]:,} {state}"
        for state in STATES
        if state != "undecided" and found.states.get(state)
    )
    return Markup(
        "<p class='bl-muted' style='margin:0' id='bl-progress'><b>{:,}</b> in this queue · "
        "<b>{:,}</b> of {:,} decided{}</p>"
    ).format(found.count, decided, total, f" ({states})" if states else "")


def _item(row: Reviewed, here: bool) -> Markup:
    found, state = row.assertion, row.outcome.state
    return Markup(
        "<li><a href='/curate?id={}' data-go='{}'{}><span class='bl-{}' title='{}'>{}</span>"
        "<span><b>{}</b> → <b>{}</b></span><span class='n'>{:.2f}</span></a></li>"
    ).format(
        row.id,
        row.id,
        Markup(" aria-current='true'") if here else "",
        STATES[state] or "muted",
        state,
        SIGNS[state],
        found.subject_name,
        found.object_name,
        found.probability,
    )
