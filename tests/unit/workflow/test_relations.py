import pytest

from biolabel.workflow.relations import relation_name
from biolabel.workflow.settings import Gold

GOLD = {"cid": Gold(relation="CID", label="causes")}


@pytest.mark.parametrize(
    ("task", "label", "name"),
    [
        ("cid", "causes", "CID"),
        ("cid", "treats", "cid.treats"),
        ("other", "causes", "other.causes"),
    ],
)
def test_relations_are_called_as_in_gold(task: str, label: str, name: str) -> None:
    assert relation_name(task, label, GOLD) == name
