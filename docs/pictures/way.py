"""Draw the way from rules to reviewed assertions: `python docs/pictures/way.py` writes way.svg beside it.

Its colors can be read on light and on dark pages, as a picture does not know which it stands on.
"""

from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 960, 330
FONT = "system-ui, sans-serif"
LINE, WRITTEN = "#7c8f99", "#7c8f99"
PEOPLE, PROGRAM = "#b35c00", "#00796b"


@dataclass(frozen=True)
class Box:
    """A box with a title and one line below it, placed by its middle."""

    x: int
    y: int
    title: str
    below: str
    color: str = PROGRAM

    wide: int = 164
    high: int = 62

    def svg(self) -> str:
        """Return the box."""
        left, top = self.x - self.wide // 2, self.y - self.high // 2
        return (
            f'<rect x="{left}" y="{top}" width="{self.wide}" height="{self.high}" rx="8" '
            f'fill="{self.color}"/>'
            + _text(self.x, self.y - 4, self.title, "#ffffff", 16, bold=True)
            + _text(self.x, self.y + 17, self.below, "#ffffff", 12)
        )


RULES = Box(98, 60, "Rules", "what the expert knows", PEOPLE)
SOURCES = Box(98, 150, "Knowledge", "ontologies, pairs", PEOPLE)
TEXTS = Box(98, 240, "Documents", "without labels", PEOPLE)
VOTES = Box(320, 150, "Votes", "who says what, where")
MODEL = Box(530, 60, "Label model", "whom to believe")
NETWORK = Box(530, 240, "End model", "reads the text alone")
CLAIMS = Box(740, 150, "Assertions", "with their evidence")
REVIEW = Box(870, 285, "Curators", "accept or reject", PEOPLE)


def picture() -> str:
    """Return the picture."""
    arrows = [
        _arrow((180, 60), (234, 136)), _arrow((180, 150), (236, 150)), _arrow((180, 240), (234, 164)),
        _arrow((402, 138), (446, 78)), _arrow((530, 91), (530, 207)),
        _arrow((612, 78), (655, 130)), _arrow((612, 222), (655, 170)),
        _arrow((790, 181), (846, 252)),
    ]  # fmt: skip
    back = (
        f'<path d="M788 300 H{RULES.x - 90} V60 H14" fill="none" stroke="{LINE}" stroke-width="2" '
        'stroke-dasharray="6 5" marker-end="url(#tip)"/>'
    )
    words = [
        _text(468, 156, "soft labels", WRITTEN, 13),
        _text(400, 318, "decisions: gold rows, thresholds, knowledge", WRITTEN, 13),
    ]
    boxes = (RULES, SOURCES, TEXTS, VOTES, MODEL, NETWORK, CLAIMS, REVIEW)
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        "<title>From rules to reviewed assertions</title>",
        '<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        f'<path d="M0 0 L8 4 L0 8 Z" fill="{LINE}"/></marker>',
        back, *arrows, *(box.svg() for box in boxes), *words, "</svg>", "",
    ])  # fmt: skip


def _arrow(start: tuple[int, int], end: tuple[int, int]) -> str:
    (x, y), (to_x, to_y) = start, end
    return (
        f'<line x1="{x}" y1="{y}" x2="{to_x}" y2="{to_y}" stroke="{LINE}" stroke-width="2" '
        'marker-end="url(#tip)"/>'
    )


def _text(x: int, y: int, text: str, color: str, size: int, *, bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x}" y="{y}" fill="{color}" font-family="{FONT}" font-size="{size}"{weight} '
        f'text-anchor="middle">{escape(text)}</text>'
    )


if __name__ == "__main__":
    Path(__file__).with_suffix(".svg").write_text(picture(), encoding="utf-8")
