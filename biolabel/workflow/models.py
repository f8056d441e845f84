"""The models and Python functions that rule files name, made ready or refused."""

import hashlib
from collections.abc import Collection, Mapping
from importlib.metadata import version
from pathlib import Path

from biolabel.apply.functions import condition_function, file_of, function_model
from biolabel.apply.votefiles import documents_of, vote_file
from biolabel.compile.plan import Plan
from biolabel.data.models import Function, Model
from biolabel.errors import Diagnostic, ModelError, RuleError, SourceFile, Span
from biolabel.lang import tree
from biolabel.lang.nearest import did_you_mean
from biolabel.workflow.cache import file_hash

FORMATS = ("spacy", "huggingface", "file", "python")


def check_python(plan: Plan, files: Mapping[str, SourceFile], *, allowed: bool) -> None:
    """Do nothing if a plan may call all the Python that it names.

    Raises:
        RuleError: BL392 for each call, where Python is not allowed.
    """
    calls = list(plan.functions.items())
    for declaration in plan.models.values():
        if declaration.source is not None and declaration.source.format == "python":
            calls += [(path, declaration.source.span) for path in declaration.source.paths]
    if calls and not allowed:
        raise RuleError([_refused(target, span) for target, span in calls], files)


def _refused(target: str, span: Span) -> Diagnostic:
    message = f"this calls the Python function {Path(target).name}, and Python is off"
    hint = "read the function; if you trust it, run again with --allow-python"
    return Diagnostic("BL392", "error", message, span, hint)


def load_models(plan: Plan) -> dict[str, Model]:
    """Return the models of a plan, by name, ready to be asked.

    Raises:
        ModelError: BL850 and BL853 to BL855 for what cannot be loaded, BL857 for an unknown format.
        CorpusError: BL608 for a spaCy pipeline that is not installed.
    """
    return {name: _model(declaration) for name, declaration in plan.models.items()}


def load_functions(plan: Plan) -> dict[str, Function]:
    """Return the functions behind the `python` conditions of a plan, by target.

    Raises:
        ModelError: BL853 for a function that is not there.
    """
    return {target: condition_function(target) for target in plan.functions}


def model_inputs(plan: Plan) -> dict[str, str]:
    """Return what identifies the models and functions of a plan: hashes of files, versions of packages."""
    found = {target: _code(target) for target in plan.functions}
    for name, declaration in plan.models.items():
        format_, path = _source(declaration)
        match format_:
            case "file":
                found[name] = file_hash(Path(path))
            case "python":
                found[name] = _code(_beside(declaration, path))
            case "huggingface":
                found[name] = _folder(Path(_beside(declaration, path)))
            case _:
                found[name] = f"{path} {version('spacy')}"
    return found


def votes_elsewhere(plan: Plan, ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return the models with a file of votes on none of some documents, and those it is about.

    Raises:
        ModelError: BL850 for a file that cannot be read.
    """
    files = {
        name: documents_of(Path(_source(declaration)[1]))
        for name, declaration in plan.models.items()
        if _source(declaration)[0] == "file"
    }
    known = frozenset(ids) if files else frozenset()
    return {name: about for name, about in files.items() if known.isdisjoint(about)}


def _model(declaration: tree.ModelDecl) -> Model:
    format_, path = _source(declaration)
    match format_:
        case "file":
            return vote_file(Path(path))
        case "python":
            return function_model(_beside(declaration, path))
        case "huggingface":
            from biolabel.endmodel.classifier import classifier

            return classifier(Path(_beside(declaration, path)))
        case "spacy":
            from biolabel.text.taggers import spacy_model

            return spacy_model(path)
    message = f"model `{declaration.name.text}` comes from `{format_}`, which is no kind of model"
    hint = did_you_mean(format_, FORMATS) or f"kinds: {', '.join(FORMATS)}"
    raise ModelError("BL857", message, hint=hint)


def _source(declaration: tree.ModelDecl) -> tuple[str, str]:
    source = declaration.source
    if source is None or len(source.paths) != 1:
        message = f"model `{declaration.name.text}` must come from exactly one place"
        raise ModelError("BL857", message)
    return source.format, source.paths[0]


def _beside(declaration: tree.ModelDecl, path: str) -> str:
    """Return a path of a rule file, which is relative to its folder, as seen from here."""
    return (Path(declaration.name.span.file).parent / path).as_posix()


def _code(target: str) -> str:
    """Return the hash of a function's file; a function of an installed module goes by its name."""
    path = file_of(target)
    return file_hash(path) if path else target


def _folder(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    every = "".join(f"{path.relative_to(folder)} {file_hash(path)}\n" for path in files)
    return hashlib.sha256(every.encode()).hexdigest()
