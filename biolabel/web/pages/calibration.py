"""Plots as SVG in the page's colors: how probabilities came true."""

from collections.abc import Sequence

from markupsafe import Markup

from biolabel.web.service.overview import SYSTEMS, Calibration

_SIZE, _EDGE = 240, 34
_SHAPES = {
    "majority": ("4", "var(--mark-5)", "2 3"),
    "label_model": ("4", "var(--mark-1)", "7 3"),
    "end_model": ("4", "var(--mark-2)", "1 0"),
    "fused": ("5", "var(--mark-3)", "1 0"),
}
"""Radius, color and dash of each system."""


def calibration_plot(shown: Sequence[Calibration]) -> Markup:
    """Return the share that came true over the mean probability of each bin, a line a system."""
    task = shown[0].task if shown else ""
    said = "; ".join(f"{SYSTEMS[each.system]}: error {each.error:.3f}" for each in shown)
    lines = Markup("").join(_line(each) for each in shown)
    ticks = Markup("").join(_tick(value) for value in (0, 0.5, 1))
    low, high = _at(0), _at(1)
    return Markup(
        "<figure style='margin:0'><svg viewBox='0 22 {0} {11}' role='img'"
        " aria-label='calibration of {1}: {2}'"
        " style='width:100%;max-width:22rem;height:auto' font-size='10' fill='var(--muted)'>"
        "<rect x='{3}' y='{5}' width='{6}' height='{6}' fill='none' stroke='var(--line)'></rect>"
        "<path d='M{3} {4} L{4} {3}' stroke='var(--muted)' stroke-dasharray='3 3' fill='none'></path>"
        "{7}{8}<text x='{9}' y='{10}' text-anchor='middle'>probability</text>"
        "<text transform='translate(9 {9}) rotate(-90)' text-anchor='middle'>came true</text></svg></figure>"
    ).format(
        _SIZE, task, said, low, high, _SIZE - high, high - low, ticks, lines, (low + high) / 2,
        _SIZE - 4, _SIZE - 22,
    )  # fmt: skip


def calibration_key(shown: Sequence[Calibration]) -> Markup:
    """Return what each line of the plot is, with its expected calibration error."""
    return Markup("<div class='bl-key'>{}</div>").format(
        Markup("").join(
            Markup(
                "<span class='bl-nowrap'><svg width='26' height='10' aria-hidden='true'><path d='M0 5 H26'"
                " stroke='{}' stroke-width='2' stroke-dasharray='{}'></path></svg> {} {:.3f}</span>"
            ).format(
                _SHAPES[each.system][1], _SHAPES[each.system][2], SYSTEMS[each.system], each.error
            )
            for each in shown
        )
    )


def _at(value: float) -> float:
    return round(_EDGE + value * (_SIZE - 2 * _EDGE), 1)


def _line(shown: Calibration) -> Markup:
    radius, color, dash = _SHAPES[shown.system]
    points = [(_at(found.mean), _SIZE - _at(found.share)) for found in shown.bins]
    path = " L".join(f"{x} {y}" for x, y in points)
    dot = Markup(
        "<circle cx='{}' cy='{}' r='{}' fill='{}'>"
        "<title>{}: {:,} of {:.2f}, {:.2f} came true</title></circle>"
    )
    dots = Markup("").join(
        dot.format(x, y, radius, color, SYSTEMS[shown.system], each.count, each.mean, each.share)
        for (x, y), each in zip(points, shown.bins, strict=True)
    )
    return Markup(
        "<path d='M{}' fill='none' stroke='{}' stroke-width='1.6' stroke-dasharray='{}'></path>{}"
    ).format(path, color, dash, dots)


def _tick(value: float) -> Markup:
    at = _at(value)
    return Markup(
        "<text x='{0}' y='{1}' text-anchor='middle'>{2:g}</text>"
        "<text x='{3}' y='{4}' text-anchor='end'>{2:g}</text>"
    ).format(at, _SIZE - _EDGE + 13, value, _EDGE - 4, _SIZE - at + 3)
