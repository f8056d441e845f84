"""What mentions mean: concepts ranked, each with a score and the reason for it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ranked:
    """A concept that a text may mean: its CURIE, how likely beside others, by which name, and why.

    score: 0 to 1, comparable within a mention and, roughly, between mentions; it is no probability.
    why: the ways that led from the text to the name, such as "spelling", first those of the text.
    """

    concept: str
    score: float
    name: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A mention, or one part of a composite one, as a text and the concepts that it may mean.

    text: what was looked up: as written, with short forms written out, or a part filled in; ranked: best
    first, empty where nothing is known.
    """

    text: str
    ranked: tuple[Ranked, ...] = ()


Readings = tuple[Reading, ...]
"""The meaning of one mention: one reading, or one for each part of "renal and hepatic failure"."""


def best_of(readings: Readings, least: float = 0.0) -> tuple[str, ...]:
    """Return the best concept of each reading, each once; none for readings without one worth `least`."""
    first = (reading.ranked[0] for reading in readings if reading.ranked)
    return tuple(dict.fromkeys(each.concept for each in first if each.score >= least))
