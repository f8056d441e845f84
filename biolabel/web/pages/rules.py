"""The rules page: the table of labeling functions, and where they conflict."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from markupsafe import Markup
from nicegui import ui

from biolabel.lang.nearest import did_you_mean
from biolabel.web.pages.layout import frame
from biolabel.web.pages.parts import card, empty, heading, html, later, notice
from biolabel.web.pages.site import Site
from biolabel.web.service.rules import Conflicts, RuleRow, conflicts, rule_rows

_PERCENT = "value => value == null ? '—' : (100 * value).toFixed(1) + ' %'"
_COUNT = "value => value.toLocaleString('en-US')"
_LINK = """
<q-td :props="props"><a :href="'/rule?name=' + encodeURIComponent(props.value)">{{ props.value }}</a>
<span v-if="props.row.draft" class="bl-chip warn">draft</span></q-td>
"""
_INTERVAL = """
<q-td :props="props"><span v-if="props.value == null">—</span><span v-else class="bl-nowrap"
 :title="props.row.FIELD_low.toFixed(3) + ' to ' + props.row.FIELD_high.toFixed(3)">
<span class="bl-interval" aria-hidden="true"><i :style="{left: 100 * props.row.FIELD_low + '%',
 width: 100 * (props.row.FIELD_high - props.row.FIELD_low) + '%'}"></i><b :style="{left:
 'calc(' + 100 * props.value + '% - .11rem)'}"></b></span> {{ props.value.toFixed(3) }}</span></q-td>
"""
_COLUMNS: Sequence[tuple[str, str, str]] = (
    ("name", "rule", ""),
    ("task", "task", ""),
    ("votes_for", "votes for", ""),
    ("votes", "votes", _COUNT),
    ("coverage", "coverage", _PERCENT),
    ("overlap", "overlap", _PERCENT),
    ("conflict", "conflict", _PERCENT),
    ("estimated", "estimated accuracy", ""),
    ("dev", "dev precision", ""),
    ("redundancy", "redundancy", _PERCENT),
)
"""Field, name and format of each column; those without a format are text or have a template."""


def rules_page(site: Site, task: str) -> None:
    """Build the page; task: the one to begin with, empty for all."""
    with frame("Rules", "/rules"):
        heading("Rules", "What each labeling function says, alone and beside the others.")
        later(lambda: rule_rows(site.results), lambda found: _show(site, found, task), 14)


def _show(site: Site, rows: Sequence[RuleRow], task: str) -> None:
    if not rows:
        empty("No rules", "The run had no rule files with rules.")
        return
    tasks = list(dict.fromkeys(row.task for row in rows))
    chosen = task if task in tasks else ""
    if task != chosen:
        notice(
            f"The run has no task called {task}; these are all rules.", did_you_mean(task, tasks)
        )
    matrix = ui.element("div").classes("bl-stack")
    with ui.element("div").classes("bl-row") as tools:
        pass
    shown = rule_table(_values(rows, chosen))

    def choose(name: str) -> None:
        shown.rows = _values(rows, name)
        matrix.clear()
        with matrix:
            for each in [name] if name else tasks:
                _matrix(site, each)

    with tools:
        field = ui.input("Filter").props("outlined dense clearable").bind_value_to(shown, "filter")
        field.props('aria-label="Filter rules"')
        options = {"": "all tasks", **{name: name for name in tasks}}
        picked = ui.select(options, value=chosen, label="Task").props("outlined dense")
        picked.style("min-width: 10rem").on_value_change(lambda event: choose(str(event.value)))
    matrix.move(target_index=-1)
    choose(chosen)


def rule_table(rows: list[dict[str, Any]], on_page: int = 25) -> ui.table:
    """Return the table of labeling functions: sorted by any column, a page at a time."""
    columns = [
        {
            "name": name,
            "label": label,
            "field": name,
            "sortable": True,
            "align": "left" if at < 3 else "right",
            **({":format": shown} if shown else {}),
        }
        for at, (name, label, shown) in enumerate(_COLUMNS)
    ]
    pagination = {"rowsPerPage": on_page, "sortBy": "votes", "descending": True}
    table = ui.table(rows=rows, columns=columns, row_key="name", pagination=pagination)
    table.add_slot("body-cell-name", _LINK)
    for name in ("estimated", "dev"):
        table.add_slot(f"body-cell-{name}", _INTERVAL.replace("FIELD", name))
    table.props(
        'flat dense :rows-per-page-options="[25, 50, 100, 0]" no-data-label="No rule fits."'
    )
    return table.classes("bl-rules")


def _values(rows: Sequence[RuleRow], task: str) -> list[dict[str, Any]]:
    """Return rows as the table wants them, which must not hold lists."""
    return [
        {key: value for key, value in asdict(row).items() if key != "labels"}
        | {"votes_for": ", ".join(row.labels) or "—"}
        for row in rows
        if task in ("", row.task)
    ]


def _matrix(site: Site, task: str) -> None:
    with card(
        f"Conflicts in {task}",
        "A field is the share of the row's votes that contradict the column's.",
    ):
        later(lambda: conflicts(site.results, task), show_conflicts, 3)


def show_conflicts(found: Conflicts) -> None:
    """Show a conflict matrix as a table that a screen reader can read too."""
    if not found.names:
        empty("No conflicts", f"No two rules of {found.task} contradict each other.")
        return
    head = Markup("").join(
        Markup("<th scope='col'><span>{}</span></th>").format(name) for name in found.names
    )
    cell = _cells(found)
    rows = Markup("").join(
        Markup("<tr><th scope='row'><a href='/rule?name={0}'>{0}</a></th>{1}</tr>").format(
            name, Markup("").join(cell(row, at) for at in range(len(found.names)))
        )
        for row, name in enumerate(found.names)
    )
    html(
        Markup(
            "<div class='bl-heat bl-scroll' tabindex='0' role='region' aria-label='conflicts in {}'>"
            "<table><thead><tr><td></td>{}</tr></thead><tbody>{}</tbody></table></div>"
        ).format(found.task, head, rows)
    )
    if found.hidden:
        html(
            Markup("<p class='bl-muted'>{:,} rules with fewer conflicts are left out.</p>").format(
                found.hidden
            )
        )


def _cells(found: Conflicts) -> Callable[[int, int], Markup]:
    def cell(row: int, column: int) -> Markup:
        one, other = found.names[row], found.names[column]
        share, count = found.cells[row][column], found.counts[row][column]
        together = found.together[row][column]
        if row == column or not together:
            return Markup("<td></td>")
        title = f"{one} against {other}: {count:,} conflicts on {together:,} common candidates"
        # The number stands in the field: color alone does not tell.
        return Markup(
            "<td title='{}' style='background:color-mix(in srgb, var(--mark-2) {:.0f}%,"
            " var(--raised))'>{}</td>"
        ).format(title, min(85.0, 100 * share), f"{100 * share:.0f}" if count else "")

    return cell
