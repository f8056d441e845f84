"""task.toml: what a task is about, where its documents are and how its models are made."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from biolabel.augment.choice import NAMES, Name, Policy
from biolabel.endmodel.settings import Settings
from biolabel.errors import RunError
from biolabel.labelmodel.choice import Method
from biolabel.resources import data_root, root

_FILE = "task.toml"
_RULES = ".rules"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Gold(_Strict):
    """How a relation stands in given annotations.

    Either one PubTator name (`relation`) and the label that it means, or, for several, `labels`:
    PubTator name to label; two names may mean one label.
    """

    relation: str = ""
    label: str = ""
    labels: dict[str, str] = {}

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if bool(self.relation and self.label) == bool(self.labels):
            raise ValueError("give either `relation` and `label`, or `labels`")
        return self

    @property
    def names(self) -> dict[str, str]:
        """PubTator name to label, whichever way it was written."""
        return self.labels or {self.relation: self.label}


class Documents(_Strict):
    """How documents are read: the format, if names and content do not tell, and the columns of tables.

    columns: what a column holds to its name, such as `text` to `abstract`; formats without columns do
    not look at it.
    """

    format: str = ""
    columns: dict[str, str] = {}


class LabelModel(_Strict):
    """Settings of the label model; see `biolabel.labelmodel.params.Settings`."""

    method: Method = "auto"


class EndModel(_Strict):
    """Settings of the end model; see `biolabel.endmodel.settings.Settings`.

    uncovered: weight of words on which no rule voted, as words outside of mentions; stop_on: whether the
    epoch that is kept is the best on held-out soft labels or on the gold of dev, which then no longer says
    how good the end model is.
    """

    encoder: str = Field(default="builtin", min_length=1)
    window: int = Field(default=512, ge=8)
    overlap: int = Field(default=128, ge=0)
    frozen_layers: int = Field(default=0, ge=0)
    epochs: int = Field(default=6, ge=1)
    updates: int = Field(default=100, ge=0)
    rate: float = Field(default=3e-4, gt=0, le=1)
    head_rate: float = Field(default=1e-3, gt=0, le=1)
    batch_pieces: int = Field(default=2048, ge=1)
    accumulate: int = Field(default=1, ge=1)
    balance: float = Field(default=0.0, ge=0, le=1)
    confidence: float = Field(default=0.0, ge=0, le=1)
    task_weights: dict[str, Annotated[float, Field(ge=0)]] = {}
    weighting: Literal["fixed", "uncertainty"] = "fixed"
    patience: int = Field(default=0, ge=0)
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    uncovered: float = Field(default=1.0, ge=0, le=1)
    stop_on: Literal["soft labels", "dev"] = "soft labels"

    def settings(self) -> Settings:
        """Return what the training reads of them.

        Raises:
            ModelError: BL820 for values that fit together badly.
        """
        return Settings(**self.model_dump(exclude={"uncovered", "stop_on"}))


class Augment(_Strict):
    """Settings of augmentation; see `biolabel.augment.settings.Settings`.

    transformations: those that are used; rates: of those that have another than `choice.RATES`.
    """

    policy: Policy = "mean-field"
    transformations: tuple[Name, ...] = NAMES
    rates: dict[Name, float] = {}
    probabilities: dict[Name, float] = {}
    length: int = Field(default=2, ge=1)
    copies: int = Field(default=4, ge=0)
    share: float = Field(default=0.5, ge=0, le=1)
    verify: bool = True


class Fusion(_Strict):
    """Shares of the end model's log-odds in the fused probabilities, by kind of task.

    The end model learns from the rules, so held-out soft labels cannot tell how much it adds to them: they
    would count text rules twice (docs/end-model.md). The shares of entities and relations were chosen on
    the gold of 100 training abstracts of BC5CDR that no model was trained on; that of relations by
    average precision, which no threshold disturbs: .614 for the rules alone, .629 with .3, .636 with .5,
    .626 with .7.
    """

    entities: float = Field(default=0.2, ge=0, le=1)
    relations: float = Field(default=0.5, ge=0, le=1)
    documents: float = Field(default=0.5, ge=0, le=1)

    def shares(self) -> dict[str, float]:
        """Return the shares by kind of task."""
        return {
            "entity": self.entities,
            "relation": self.relations,
            "document": self.documents,
        }


class Biolink(_Strict):
    """How exports call what the task is about; see `biolabel.curation.exports.vocabulary.Vocabulary`.

    predicates: label, or `task.label`, to a predicate; categories: type of mentions to a class;
    documents: the prefix of document ids that are numbers; source: the information resource.
    """

    predicates: dict[str, Annotated[str, Field(pattern=r"^biolink:[a-z][a-z0-9_]*$")]] = {}
    categories: dict[str, Annotated[str, Field(pattern=r"^biolink:[A-Z][A-Za-z0-9]*$")]] = {}
    documents: str = Field(default="PMID", pattern=r"^[A-Za-z_][\w.-]*$")
    source: str = Field(default="infores:biolabel", pattern=r"^infores:[a-z0-9-]+$")


class Task(_Strict):
    """One task.toml.

    corpus and dev: the default documents, relative to the task's folder or, with `where = "data"`, to
    BIOLABEL_DATA; documents: how they are read; types: other names for types of given mentions;
    gold: relation task to how it stands in given annotations; thresholds: relation task, or `task.label`,
    to the probability from which on fused pairs are asserted; biolink: how exports call things.
    """

    name: str
    title: str
    rules: str = "rules"
    where: Literal["package", "data"] = "package"
    corpus: str = ""
    dev: str = ""
    documents: Documents = Documents()
    types: dict[str, str] = {}
    gold: dict[str, Gold] = {}
    label_model: LabelModel = LabelModel()
    augment: Augment = Augment()
    end_model: EndModel = EndModel()
    fusion: Fusion = Fusion()
    thresholds: dict[str, Annotated[float, Field(ge=0, le=1)]] = {}
    biolink: Biolink = Biolink()

    @field_validator("name")
    @classmethod
    def _names_a_folder(cls, name: str) -> str:
        # Results go to `workspace/NAME`.
        if not name.isprintable() or not name.strip(" .") or re.search(r"[/\\]", name):
            raise ValueError("it names the folder of results, so it can have no `/` and no `\\`")
        return name


class TaskFolder(_Strict):
    """A task as found on disk."""

    folder: Path
    task: Task

    def rule_files(self) -> list[Path]:
        """Return the task's rule files in order of their names, or the one that `rules` names.

        Raises:
            RunError: BL904 when there are none.
        """
        place = self.folder / self.task.rules
        one = place.is_file() and place.suffix == _RULES
        files = [place] if one else sorted(place.glob(f"*{_RULES}"))
        if not files:
            raise RunError("BL904", f"no *.rules in {self.folder / self.task.rules}")
        return files

    def documents(self, which: Literal["corpus", "dev"]) -> Path | None:
        """Return the task's default corpus or dev file or folder, None where task.toml names none.

        Raises:
            RunError: BL905 when the file should lie in BIOLABEL_DATA and does not.
        """
        named = self.task.corpus if which == "corpus" else self.task.dev
        if not named:
            return None
        if self.task.where == "package":
            return self.folder / named
        path = data_root() / named
        if not path.exists():
            hint = f"set BIOLABEL_DATA to the folder that holds {named}, or use --{which} FILE"
            raise RunError(
                "BL905", f"the {which} of {self.task.name} is missing: {path}", hint=hint
            )
        return path


def load_task(path: Path) -> TaskFolder:
    """Read a task by its folder; `tasks/NAME` also finds the tasks that biolabel ships.

    A rule file is a task too, with the settings of the task.toml beside or above it, if there is one,
    but without documents of its own.

    Raises:
        RunError: BL902 no such task, BL903 a task.toml that is not as it should be, BL905 no such
            rule file.
    """
    if path.suffix == ".rules" and not path.is_dir():
        return _single_file(path)
    folder = path if (path / _FILE).is_file() else root("tasks") / path.name
    if not (folder / _FILE).is_file():
        known = sorted(file.parent.name for file in root("tasks").glob(f"*/{_FILE}"))
        near = get_close_matches(path.name, known, n=1)
        hint = f"did you mean tasks/{near[0]}?" if near else f"biolabel ships: {', '.join(known)}"
        reason = f"it has no {_FILE}"
        if path.is_file():
            reason = "it is a file, but its name does not end in .rules"
        raise RunError("BL902", f"{path} is no task: {reason}", hint=hint)
    file = folder / _FILE
    try:
        task = Task.model_validate(tomllib.loads(file.read_text(encoding="utf-8-sig")))
    except ValidationError as error:
        raise RunError("BL903", f"{file}: {_problems(error)}") from error
    except OSError as error:
        raise RunError("BL903", f"{file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        where = f"byte {error.start} is {error.object[error.start]:#04x}"
        message = f"{file} is not UTF-8 text: {where}"
        raise RunError("BL903", message, hint="save it as UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise RunError("BL903", f"{file}: {error}") from error
    return TaskFolder(folder=folder, task=task)


def _single_file(path: Path) -> TaskFolder:
    if not path.is_file():
        beside = [file.name for file in path.parent.glob("*.rules")]
        close = get_close_matches(path.name, beside, n=1)
        hint = f"did you mean {path.with_name(close[0])}?" if close else ""
        raise RunError("BL905", f"cannot read {path}: no such file", hint=hint)
    near = next((f for f in (path.parent, path.parent.parent) if (f / _FILE).is_file()), None)
    task = load_task(near).task if near else Task(name="rules", title=path.name)
    own = {"name": path.stem, "rules": path.name, "corpus": "", "dev": ""}
    return TaskFolder(folder=path.parent, task=task.model_copy(update=own))


def check_gold(found: TaskFolder, relations: Mapping[str, Sequence[str]]) -> None:
    """Check `[gold.TASK]` and `[thresholds]` against the relation tasks of the rules, each with its labels.

    Raises:
        RunError: BL909 for a task or a label that the rules do not have.
    """
    for name, gold in found.task.gold.items():
        if name not in relations:
            problem, known = f"`gold.{name}`: no relation task has this name", list(relations)
        elif unknown := [label for label in gold.names.values() if label not in relations[name]]:
            problem, known = f"`gold.{name}`: no label `{unknown[0]}`", [*relations[name]]
        else:
            continue
        near = get_close_matches(name if name not in relations else unknown[0], known, n=1)
        there = f"there are: {', '.join(known) or 'none'}"
        hint = f"did you mean `{near[0]}`?" if near else there
        raise RunError("BL909", f"{found.folder / _FILE}: {problem}", hint=hint)
    known = [*relations, *(f"{name}.{label}" for name in relations for label in relations[name])]
    for name in found.task.thresholds:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"there are: {', '.join(known)}"
            problem = f"`thresholds.{name}`: no relation task, and no label of one, has this name"
            raise RunError("BL909", f"{found.folder / _FILE}: {problem}", hint=hint)


def _problems(error: ValidationError) -> str:
    """Say each problem of a settings file, with the nearest known name for an unknown one."""
    sections: dict[str, type[BaseModel]] = {
        "documents": Documents,
        "label_model": LabelModel,
        "augment": Augment,
        "end_model": EndModel,
        "fusion": Fusion,
        "biolink": Biolink,
        "gold": Gold,
    }
    said = []
    for problem in error.errors():
        place = [str(part) for part in problem["loc"]]
        text = f"`{'.'.join(place)}`: {problem['msg']}"
        if problem["type"] == "extra_forbidden":
            model = sections.get(place[0], Task) if len(place) > 1 else Task
            near = get_close_matches(place[-1], model.model_fields, n=1)
            text = f"unknown setting `{'.'.join(place)}`"
            text += f", did you mean `{near[0]}`?" if near else ""
        elif problem["type"] == "literal_error":
            known = re.findall("'([^']+)'", str(problem.get("ctx", {}).get("expected", "")))
            near = get_close_matches(str(problem["input"]), known, n=1)
            text += f", not `{problem['input']}`"
            text += f", did you mean `{near[0]}`?" if near else ""
        said.append(text)
    return "; ".join(said)
