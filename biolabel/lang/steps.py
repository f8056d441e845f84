"""Which steps of text processing the constructs of rules need."""

from typing import Literal

from biolabel.lang import tree

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
