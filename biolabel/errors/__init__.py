"""One exception tree, one catalogue of codes, one way to show them."""

from biolabel.errors.base import (
    BiolabelError,
    CorpusError,
    Diagnostic,
    Edit,
    KnowledgeError,
    ModelError,
    RuleError,
    RunError,
    Severity,
)
from biolabel.errors.span import SourceFile, Span

__all__ = [
    "BiolabelError",
    "CorpusError",
    "Diagnostic",
    "Edit",
    "KnowledgeError",
    "ModelError",
    "RuleError",
    "RunError",
    "Severity",
    "SourceFile",
    "Span",
]
