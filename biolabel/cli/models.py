"""Tables about the models: what the label model makes of each rule, how training went."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.table import Table

from biolabel.labelmodel.params import LabelModelParams
from biolabel.labelmodel.reasons import concerns, reasons

if TYPE_CHECKING:
    from biolabel.endmodel.model import EndModel


def label_model_tables(params: LabelModelParams) -> Iterator[RenderableType]:
    """Yield a table a task, with the class prior in its title, and the label model's warnings."""
    for name, task in params.tasks.items():
        priors = [
            f"{label} {share:.3f}"
            for estimate in task.estimates[:1]
            for label, share in zip(task.task.labels, estimate.prior, strict=False)
        ]
        table = Table(
            title=f"{name}: {params.settings.method}; class prior {', '.join(priors)}",
            title_justify="left",
        )
        table.add_column("labeling function")
        for column in ("votes", "coverage", "estimated accuracy", "agreement", "weight"):
            table.add_column(column, justify="right")
        for reason in reasons(task):
            table.add_row(
                f"{reason.lf} {reason.label}".strip(),
                f"{reason.votes:,}",
                f"{reason.coverage:.2%}",
                f"{reason.accuracy:.3f}",
                f"{reason.agreement:.3f}",
                f"{reason.weight:.2f}",
            )
        yield table
        for concern in concerns(task):
            yield f"warning[{concern.code}]: {concern.message}"


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
