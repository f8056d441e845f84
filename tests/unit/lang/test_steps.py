import pytest

from biolabel.lang import tree
from biolabel.lang.steps import step_of

NAME = tree.Name("x")


@pytest.mark.parametrize(
    ("node", "step"),
    [
        (tree.TokenIs("lemma", ("a",)), "tagger"),
        (tree.TokenIs("pos", ("X",)), "tagger"),
        (tree.TokenIn("tag", NAME), "tagger"),
        (tree.TokenIs("dep", ("x",)), "parser"),
        (tree.TokenIs("text", ("a",)), None),
        (tree.TokenIs("ent", ("A",)), None),
        (tree.TokenFlag("is_stop"), None),
        (tree.PathLike((tree.Edge("<<"),)), "parser"),
        (tree.Region("path"), "parser"),
        (tree.Region("sentence"), None),
        (tree.Measure("path_length"), "parser"),
        (tree.Measure("sentences_apart"), None),
    ],
)
def test_steps(node: tree.Node, step: str | None) -> None:
    assert step_of(node) == step
