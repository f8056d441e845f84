"""A new task from templates: rules that run, to be changed into a curator's own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from biolabel.data.files import replacing_folder
from biolabel.errors import RunError
from biolabel.resources import root

Kind = Literal["entity", "relation", "document", "all"]

_TEMPLATES = Path(__file__).resolve().parent / "templates"
_RULES: Mapping[Kind, tuple[str, ...]] = {
    "entity": ("entities",),
    "relation": ("entities", "relations"),
    "document": ("topics",),
    "all": ("entities", "relations", "topics", "constraints"),
}
_PLACE = "NAME"
"""What stands for the task's name in the templates."""


def new_task(folder: Path, kind: Kind) -> list[Path]:
    """Make a task's folder, named as its last part, and return the files in it.

    The task comes with the texts of the demo as its corpus, so that it runs at once.

    Raises:
        RunError: BL911 when something has this name already, or it is no name; BL906 when the
            folder cannot be written.
    """
    name = folder.name
    if not name.replace("-", "_").isidentifier():
        hint = "a name has letters, digits, - and _, and does not start with a digit"
        raise RunError("BL911", f"`{name}` cannot be a task's name", hint=hint)
    if folder.exists():
        hint = "give another name; nothing is overwritten"
        raise RunError("BL911", f"{folder} exists", hint=hint)
    files = _files(kind)
    try:
        with replacing_folder(folder) as temporary:
            (temporary / "rules").mkdir()
            for path, text in files.items():
                (temporary / path).write_text(text.replace(_PLACE, name), encoding="utf-8")
    except OSError as error:
        raise RunError("BL906", f"cannot write {folder}: {error.strerror}") from error
    return [folder / path for path in files]


def _files(kind: Kind) -> dict[str, str]:
    rules = [f"rules/{name}.rules" for name in _RULES[kind]]
    files = {
        path: (_TEMPLATES / path).read_text(encoding="utf-8")
        for path in ("task.toml", "README.md", *rules)
    }
    if "relations" in _RULES[kind]:
        files["task.toml"] += (_TEMPLATES / "gold.toml").read_text(encoding="utf-8")
    corpus = root("tasks") / "demo" / "corpus.pubtator"
    return {**files, corpus.name: corpus.read_text(encoding="utf-8")}
