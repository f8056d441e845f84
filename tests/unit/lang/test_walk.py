"""Walking over trees and rebuilding them."""

from dataclasses import replace

from biolabel.lang import tree
from biolabel.lang.walk import nodes, rewrite

SEQ = tree.Seq((tree.Phrase("a"), tree.Alt((tree.Ref(tree.Name("x")), tree.Phrase("b")))))


def test_parents_come_before_children_in_field_order() -> None:
    assert [type(node).__name__ for node in nodes(SEQ)] == [
        "Seq", "Phrase", "Alt", "Ref", "Name", "Phrase",
    ]  # fmt: skip
    assert list(nodes(None)) == []
    assert next(nodes((3, SEQ))) is SEQ


def test_rewriting_changes_nodes_and_shares_the_rest() -> None:
    def change(node: tree.Node) -> tree.Node:
        return replace(node, text="y") if isinstance(node, tree.Name) else node

    new = rewrite(SEQ, change)
    assert new.items[1] == tree.Alt((tree.Ref(tree.Name("y")), tree.Phrase("b")))
    assert new.items[0] is SEQ.items[0]
    assert rewrite(SEQ, lambda node: node) is SEQ
