"""Tables about the models: what the label model makes of each rule, how training went."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.table import Table

from biolabel.labelmodel.choice import Choice
from biolabel.labelmodel.params import TaskParams
from biolabel.labelmodel.reasons.bonds import bonds
from biolabel.labelmodel.reasons.contributions import log_odds
from biolabel.labelmodel.reasons.reasons import reasons
from biolabel.workflow.trust import Trust

if TYPE_CHECKING:
    from biolabel.endmodel.model import EndModel
    from biolabel.evaluation.rules import MatrixAnalysis, Measure
    from biolabel.workflow.fit import Fitted


_REASONS = 3
"""Sources of evidence that are shown of a row."""

_CONSTRAINTS = 0.05
"""Log odds from which it is said that the constraints with other tasks move a row."""


def label_model_tables(
    fitted: "Fitted", measured: "Mapping[str, MatrixAnalysis]"
) -> Iterator[RenderableType]:
    """Yield, for each task, its labeling functions, how it differs from majority vote, and warnings.

    measured: the analysis of each task's votes on dev, whose gold stands beside the estimates.
    """
    for name, task in fitted.model.tasks.items():
        found = fitted.trust[name]
        if task.choice is not None:
            yield from _choice(name, task.choice)
        method = task.choice.chosen if task.choice else fitted.model.settings.method
        yield _functions(method, task, found, measured.get(name))
        yield (
            f"{name}: as the majority vote on {found.compared.agreement:.1%} of "
            f"{found.compared.covered:,} rows with votes"
        )
        if found.rows:
            yield _differences(task, found)
        for concern in found.concerns:
            yield f"warning[{concern.code}]: {concern.message}"


def _choice(name: str, choice: Choice) -> Iterator[Table | str]:
    """Yield why an estimator was chosen for a task, and those that were tried, if any were."""
    yield f"{name}: {choice.chosen}, because {choice.why}"
    if not choice.tried:
        return
    table = Table()
    table.add_column("estimator")
    table.add_column("held-out log likelihood", justify="right")
    table.add_column("note", overflow="fold")
    for trial in choice.tried:
        chosen = " (chosen)" if trial.name == choice.chosen else ""
        score = f"{trial.score:.4f} ± {trial.spread:.4f}"
        table.add_row(f"{trial.name}{chosen}", score, trial.note)
    yield table


def _functions(
    method: str, task: TaskParams, found: Trust, measured: "MatrixAnalysis | None"
) -> Table:
    priors = [
        f"{label} {share:.3f}"
        for estimate in task.estimates[:1]
        for label, share in zip(task.task.labels, estimate.prior, strict=False)
    ]
    table = Table(
        title=f"{task.task.name}: {method}; class prior {', '.join(priors)}", title_justify="left"
    )
    table.add_column("labeling function")
    for column in ("votes", "coverage", "estimated accuracy", "95 %", "agreement", "weight"):
        table.add_column(column, justify="right")
    if measured is not None:
        table.add_column("precision on dev", justify="right")
    table.add_column("group", overflow="fold")
    gold = {rule.name: rule.measure for rule in measured.rules} if measured else {}
    intervals = {worth.lf: worth for worth in found.worth}
    groups = _groups(task)
    for reason in reasons(task):
        worth = intervals.get(reason.lf) if task.task.exclusive else None
        table.add_row(
            f"{reason.lf} {reason.label}".strip(),
            f"{reason.votes:,}",
            f"{reason.coverage:.2%}",
            f"{worth.accuracy if worth else reason.accuracy:.3f}",
            f"{worth.accuracy_low:.3f} to {worth.accuracy_high:.3f}" if worth else "",
            "" if math.isnan(reason.agreement) else f"{reason.agreement:.3f}",
            f"{reason.weight:.2f}",
            *([_precision(gold.get(reason.lf))] if measured else []),
            groups[reason.lf],
        )
    return table


def _precision(found: "Measure | None") -> str:
    """Return the share of right votes with its Wilson interval, as far as there is gold."""
    if found is None:
        return ""
    interval = found.interval
    return f"{found.precision:.3f} ({interval.low:.3f} to {interval.high:.3f})"


def _groups(task: TaskParams) -> dict[str, str]:
    """Return the groups that each function declares, and after `learned` those it was found to follow."""
    learned: dict[str, list[str]] = {lf.name: [] for lf in task.lfs}
    for bond in bonds(task):
        if bond.learned and not bond.groups:
            learned[bond.first].append(bond.second)
            learned[bond.second].append(bond.first)
    found = {}
    for lf in task.lfs:
        parts = sorted(lf.groups)
        if learned[lf.name]:
            parts.append(f"learned: {', '.join(learned[lf.name])}")
        found[lf.name] = ", ".join(parts)
    return found


def _differences(task: TaskParams, found: Trust) -> Table:
    """Return the kinds of rows where label model and majority vote part most."""
    table = Table(
        title=f"{task.task.name}: where it parts most from the majority vote",
        title_justify="left",
    )
    table.add_column("rows", justify="right")
    for column in ("label", "label model", "majority vote"):
        table.add_column(column)
    table.add_column("log odds of the label from", overflow="fold")
    for difference, row in zip(found.compared.differences, found.rows, strict=True):
        label = task.task.labels.index(row.label)
        because = [f"{', '.join(it.lfs)} {it.log_odds:+.1f}" for it in row.contributions[:_REASONS]]
        constraints = log_odds(difference.model[label]) - row.log_odds
        if abs(constraints) > _CONSTRAINTS:
            because.append(f"other tasks {constraints:+.1f}")
        table.add_row(
            f"{difference.alike:,}",
            row.label,
            f"{difference.model[label]:.3f}",
            f"{difference.majority[label]:.3f}",
            "; ".join(because),
        )
    return table


def end_model_tables(model: "EndModel", unlearned: Sequence[str]) -> Iterator[RenderableType]:
    """Yield how training went, how the model does on held-out documents, and what it has not learned."""
    yield epoch_table(model)
    if model.quality:
        table = Table(title="on held-out documents, against soft labels", title_justify="left")
        table.add_column("task")
        for column in ("rows", "same label", "cross-entropy", "scaled", "temperature"):
            table.add_column(column, justify="right")
        for name, each in model.quality.items():
            table.add_row(
                name, f"{each.rows:,}", f"{each.agreement:.1%}", f"{each.before:.4f}",
                f"{each.after:.4f}", f"{each.temperature:.2f}",
            )  # fmt: skip
        yield table
    if model.split:
        yield f"memory was used up {model.split} times; those batches were halved"
    for name in unlearned:
        yield f"warning[BL837]: no rule votes on {name}, so the end model has not learned it"


def epoch_table(model: "EndModel") -> Table:
    """Return the losses of each epoch; the kept one is marked."""
    table = Table(title="end model", title_justify="left")
    for column in ("epoch", "training loss", "held-out loss", "seconds"):
        table.add_column(column, justify="right")
    for number, epoch in enumerate(model.epochs):
        table.add_row(
            f"{number + 1}{' (kept)' if number == model.kept else ''}",
            f"{sum(epoch.training.values()):.4f}",
            f"{sum(epoch.held_out.values()):.4f}",
            f"{epoch.seconds:.0f}",
        )
    return table
