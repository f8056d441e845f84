"""How the relations of a task are called in documents."""

from collections.abc import Mapping

from biolabel.workflow.settings import Gold


def relation_name(task: str, label: str, gold: Mapping[str, Gold]) -> str:
    """Return how a label of a relation task is written in PubTator: as gold has it, else `task.label`."""
    names = gold[task].names if task in gold else {}
    return next((name for name, meant in names.items() if meant == label), f"{task}.{label}")
