"""Plots as SVG to stand inside an HTML page, in the page's own colors.

Curves differ in marker and dash as well as in color, and the colors, which the page's style sheet sets,
are told apart by color-blind readers.
"""

import io
import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager

import networkx as nx
import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from biolabel.evaluation.calibration import Reliability
from biolabel.evaluation.company import Tree
from biolabel.evaluation.rules import MatrixAnalysis, RuleAnalysis
from biolabel.labelmodel.reasons.bonds import Bond

_INK = "#010203"
_SERIES = ("#010204", "#010205", "#010206", "#010207")
_COLORS = {_INK: "currentColor", **{c: f"var(--series-{i})" for i, c in enumerate(_SERIES, 1)}}
"""Colors that are drawn with, and what the page has instead of them."""

_SHAPES = (("o", "-"), ("s", "--"), ("^", "-."), ("D", ":"))


def coverage_plot(analysis: MatrixAnalysis) -> str:
    """Return a bar for each labeling function that voted: its candidates by the company they have."""
    rules = _voting(analysis)
    with _style(f"coverage {analysis.task}"):
        figure = Figure(figsize=(7.6, 0.75 + 0.24 * len(rules)), layout="constrained")
        axes = figure.add_subplot()
        _company_bars(axes, rules, analysis.candidates)
        figure.legend(loc="outside upper right", ncols=3)
        return _svg(figure)


def rules_plot(analysis: MatrixAnalysis, place: str) -> str:
    """Return the bars of `coverage_plot` and, where there is gold, precisions with 95 % intervals.

    place: where on the page it stands, unlike all others.
    """
    rules = _voting(analysis)
    judged = any(rule.measure for rule in rules)
    with _style(f"rules {place}"):
        height = 0.95 + 0.24 * len(rules)
        figure = Figure(figsize=(9.6 if judged else 7.6, height), layout="constrained")
        if not judged:
            _company_bars(figure.add_subplot(), rules, analysis.candidates)
        else:
            left, right = figure.subplots(1, 2, sharey=True, width_ratios=(3, 2))
            _company_bars(left, rules, analysis.candidates)
            _precision_dots(right, rules)
        figure.legend(loc="outside upper right", ncols=5)
        return _svg(figure)


def similarity_plot(tree: Tree, least: float, place: str) -> str:
    """Return how labeling functions join by how alike they are; a line stands where clusters end.

    least: the mean Jaccard index at which they do; place: where on the page it stands.
    """
    from scipy.cluster.hierarchy import dendrogram

    drawn = dendrogram(tree.links, no_plot=True)
    with _style(f"similarity {place}"):
        figure = Figure(figsize=(7.6, 0.75 + 0.24 * len(tree.names)), layout="constrained")
        axes = figure.add_subplot()
        # scipy puts leaves at 5, 15, 25, ..., each join as the corners of a bracket.
        for heights, places in zip(drawn["dcoord"], drawn["icoord"], strict=True):
            joined = 1 - max(heights) >= least
            axes.plot(
                [1 - height for height in heights], places, color=_SERIES[0] if joined else _INK,
                alpha=1 if joined else 0.35, linewidth=2 if joined else 1,
            )  # fmt: skip
        axes.axvline(least, color=_SERIES[1], linestyle="--", linewidth=1.2)
        axes.set_yticks(
            [10 * i + 5 for i in range(len(tree.names))], [tree.names[i] for i in drawn["leaves"]]
        )
        axes.set_ylim(0, 10 * len(tree.names))
        axes.invert_yaxis()
        axes.set_xlim(1.02, -0.02)
        axes.set_xlabel("votes in common (mean Jaccard index)")
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x")
        return _svg(figure)


def bonds_plot(bonds: Sequence[Bond], place: str) -> str:
    """Return the labeling functions that depend on each other, one a line, with an arc for each bond.

    Functions of one source stand together. place: where on the page it stands, unlike all others.
    """
    graph = nx.Graph((bond.first, bond.second) for bond in bonds)
    names = [name for part in nx.connected_components(graph) for name in sorted(part)]
    at = {name: number for number, name in enumerate(names)}
    turn = np.linspace(0, np.pi, 40)
    with _style(f"bonds {place}"):
        figure = Figure(figsize=(7.6, 0.75 + 0.24 * len(names)), layout="constrained")
        axes = figure.add_subplot()
        for name, color, dash in (("declared", _INK, "-"), ("learned", _SERIES[1], "--")):
            chosen = [bond for bond in bonds if bool(bond.groups) == (name == "declared")]
            for bond in chosen:
                low, high = sorted((at[bond.first], at[bond.second]))
                half = (high - low) / 2
                axes.plot(half * np.sin(turn), low + half - half * np.cos(turn), dash,
                          color=color, linewidth=1.2, alpha=0.7)  # fmt: skip
            if chosen:
                axes.plot([], [], dash, color=color, label=name)
        axes.plot(np.zeros(len(names)), range(len(names)), "o", color=_SERIES[0])
        axes.set_yticks(range(len(names)), names)
        axes.set_ylim(len(names) - 0.4, -0.6)
        axes.set_xlim(left=-0.3)
        axes.set_xticks([])
        axes.spines[["left", "bottom"]].set_visible(False)
        figure.legend(loc="outside upper right", ncols=2)
        return _svg(figure)


def _voting(analysis: MatrixAnalysis) -> list[RuleAnalysis]:
    return sorted((r for r in analysis.rules if r.votes), key=lambda r: r.votes)


def _company_bars(axes: Axes, rules: Sequence[RuleAnalysis], candidates: int) -> None:
    votes = np.array([rule.votes for rule in rules])
    conflict, overlap = (
        np.array([round(getattr(rule, name) * candidates) for rule in rules])
        for name in ("conflict", "overlap")
    )
    places = np.arange(len(rules))
    left = np.zeros(len(rules), dtype=np.int64)
    parts = {"agrees": overlap - conflict, "alone": votes - overlap, "in conflict": conflict}
    for (name, width), color in zip(parts.items(), _SERIES, strict=False):
        axes.barh(places, width, left=left, height=0.72, color=color, label=name)
        left = left + width
    axes.set_yticks(places, [rule.name for rule in rules])
    axes.set_ylim(-0.6, len(rules) - 0.4)
    axes.set_xlabel("candidates with a vote")
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.grid(axis="x")


def _precision_dots(axes: Axes, rules: Sequence[RuleAnalysis]) -> None:
    found = [(at, rule.measure) for at, rule in enumerate(rules) if rule.measure is not None]
    places = [at for at, _ in found]
    intervals = [measure.interval for _, measure in found]
    axes.hlines(places, [i.low for i in intervals], [i.high for i in intervals], color=_INK)
    shares = [measure.precision for _, measure in found]
    axes.plot(shares, places, "o", color=_SERIES[0], label="precision, 95%")
    bases = [measure.base for _, measure in found]
    axes.plot(bases, places, "|", color=_SERIES[1], markersize=11, markeredgewidth=2.5,
              label="base rate")  # fmt: skip
    axes.tick_params(labelleft=False)
    axes.set_xlim(-0.03, 1.03)
    axes.set_xlabel("share of right votes")
    axes.grid(axis="x")


def reliability_plot(found: Mapping[str, Reliability]) -> str:
    """Return the share that came true over the probability, for each system; areas show counts."""
    with _style("reliability " + " ".join(found)):
        figure = Figure(figsize=(4.4, 4.2), layout="constrained")
        axes = figure.add_subplot()
        axes.plot([0, 1], [0, 1], color=_INK, alpha=0.35, linewidth=1)
        for (name, one), color, (marker, dash) in zip(
            found.items(), _SERIES, _SHAPES, strict=False
        ):
            some = one.count > 0
            area = 12 + 110 * one.count[some] / max(one.count.max(), 1)
            axes.plot(one.mean[some], one.share[some], dash, color=color, linewidth=1.6)
            axes.scatter(one.mean[some], one.share[some], area, color=color, marker=marker)
            axes.plot([], [], dash, color=color, marker=marker, markersize=6, label=name)
        axes.set(xlim=(-0.03, 1.03), ylim=(-0.03, 1.03), aspect="equal")
        axes.set_xlabel("predicted probability")
        axes.set_ylabel("share that is true")
        axes.grid()
        figure.legend(loc="outside upper center", ncols=2)
        return _svg(figure)


def _style(name: str) -> AbstractContextManager[None]:
    """Return the settings of all plots; the name keeps the ids of two plots on a page apart."""
    return rc_context(
        {
            "axes.axisbelow": True,
            "axes.edgecolor": _INK,
            "axes.labelcolor": _INK,
            "axes.spines.right": False,
            "axes.spines.top": False,
            "font.size": 10,
            "grid.alpha": 0.15,
            "grid.color": _INK,
            "legend.frameon": False,
            "svg.fonttype": "none",
            "svg.hashsalt": name,
            "text.color": _INK,
            "text.parse_math": False,
            "xtick.color": _INK,
            "xtick.major.size": 0,
            "ytick.color": _INK,
            "ytick.major.size": 0,
        }
    )


def _svg(figure: Figure) -> str:
    """Return a figure as an SVG element: scales with the page and has its fonts and colors.

    The ids that nothing refers to are dropped, since two plots would have the same, and so is the
    style sheet, which would apply to the whole page.
    """
    buffer = io.StringIO()
    unknown = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    figure.savefig(buffer, format="svg", transparent=True, metadata=unknown)
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r'width="[\d.]+pt" height="[\d.]+pt"', 'class="plot" role="img"', text, count=1)
    text = re.sub(r"<style.*?</style>", "", text, flags=re.DOTALL)
    text = re.sub(r'<g id="[\w.]+"(/?)>', r"<g\1>", text)
    text = re.sub(r" font-family: [^;\"]*;", "", text)
    return re.sub("|".join(_COLORS), lambda match: _COLORS[match[0]], text)
