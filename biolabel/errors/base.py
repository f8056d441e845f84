"""The exception tree: every error that a user can cause has a code of the catalogue.

BiolabelError
    RuleError        BL0xx to BL5xx  rule files (diagnostics collected, raised together)
    CorpusError      BL6xx           documents, corpus store
    KnowledgeError   BL7xx           ontologies, knowledge bases
    ModelError       BL8xx           label model, end model
    RunError         BL9xx           settings, workspaces, installation
"""

import copyreg
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from biolabel.errors.codes.next_steps import next_step
from biolabel.errors.span import SourceFile, Span

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Edit:
    """A machine-applicable fix: replace the text under a span."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding about a rule file: code, place, what was found, what to do.

    hint: what to do; that of the code where none is given.
    """

    code: str
    severity: Severity
    message: str
    span: Span
    hint: str = ""
    related: tuple[tuple[Span, str], ...] = ()
    fix: Edit | None = None

    def __post_init__(self) -> None:
        """Have a next step."""
        object.__setattr__(self, "hint", self.hint or next_step(self.code))


class BiolabelError(Exception):
    """The root of all errors that biolabel raises on purpose."""

    def __init__(self, code: str, message: str, *, hint: str = "") -> None:
        """Keep the code, what was found and expected, and the next step: that of the code without a hint."""
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint or next_step(code)

    def __reduce__(self) -> tuple[object, ...]:
        """Keep everything on the way out of a worker process."""
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows instead of a traceback (IPython asks for it by this name)."""
        from biolabel.errors.render import render_error

        return [render_error(self)]


class RuleError(BiolabelError):
    """Rule files that cannot run; carries every diagnostic and the files that they point into."""

    def __init__(self, diagnostics: Sequence[Diagnostic], files: Mapping[str, SourceFile]) -> None:
        """Keep all diagnostics; the first error names the exception."""
        first = next((d for d in diagnostics if d.severity == "error"), diagnostics[0])
        super().__init__(first.code, first.message, hint=first.hint)
        self.diagnostics = tuple(diagnostics)
        self.files = files

    def _render_traceback_(self) -> list[str]:
        """Return every finding with source and caret."""
        from biolabel.errors.render import render_all

        return [render_all(self.diagnostics, self.files)]


class CorpusError(BiolabelError):
    """Documents or a corpus store that cannot be read or written."""


class KnowledgeError(BiolabelError):
    """An ontology or knowledge base that cannot be used."""


class ModelError(BiolabelError):
    """A label model or end model that cannot be fitted, loaded or applied."""


class RunError(BiolabelError):
    """Settings, workspaces or an installation that do not allow the run."""
