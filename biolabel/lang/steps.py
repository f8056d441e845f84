"""Which steps of text processing the constructs of rules need."""

from typing import Literal

from biolabel.lang import tree
from biolabel.lang.walk import nodes

Step = Literal["tagger", "parser"]
_OF_ATTRIBUTE: dict[str, Step] = {
    "lemma": "tagger",
    "pos": "tagger",
    "tag": "tagger",
    "dep": "parser",
}


def step_of(node: tree.Node) -> Step | None:
    """Return the step of the pipeline without which a node is unknown; None for what needs none."""
    match node:
        case tree.TokenIs(attribute=attribute) | tree.TokenIn(attribute=attribute):
            return _OF_ATTRIBUTE.get(attribute)
        case tree.PathLike() | tree.Region(kind="path") | tree.Measure(what="path_length"):
            return "parser"
        case _:
            return None


def steps_in(part: object) -> frozenset[Step]:
    """Return the steps without which something in a part of a tree would be unknown."""
    return frozenset(step for step in map(step_of, nodes(part)) if step is not None)


def mark_of_step(step: Step) -> str:
    """Return the name of a step among all that rules use, which no declaration can have."""
    return f"pipeline {step}"
