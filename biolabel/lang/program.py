"""The checked program: declarations of all files under their qualified names, ready to compile."""

from collections.abc import Mapping
from dataclasses import dataclass

from biolabel.errors import Diagnostic, SourceFile
from biolabel.lang import tree


@dataclass(frozen=True, slots=True)
class Program:
    """Linked and checked declarations; every `Name` in them is a key of one of the tables.

    Names that refer to entity types, labels, relation arguments, pattern parameters, sections
    without a declaration and built-in contexts stay as written. `defaults for` is copied into its
    file's rules; labels include `none` (last where the file did not place it) but in document
    tasks that pick one; `mentions` of a relation is never missing. Paths in `file:` and `from:`
    are relative to the folder of their rule file when written, and to the current folder here.
    """

    files: Mapping[str, SourceFile]
    pipeline: Mapping[str, tuple[str, ...]]
    lists: Mapping[str, tree.ListDecl]
    ontologies: Mapping[str, tree.OntologyDecl]
    kbs: Mapping[str, tree.KbDecl]
    patterns: Mapping[str, tree.PatternDecl]
    conditions: Mapping[str, tree.ConditionDecl]
    contexts: Mapping[str, tree.ContextDecl]
    sections: Mapping[str, tree.SectionDecl]
    models: Mapping[str, tree.ModelDecl]
    entities: Mapping[str, tree.EntityDecl]
    relations: Mapping[str, tree.RelationDecl]
    documents: Mapping[str, tree.DocumentDecl]
    constraints: Mapping[str, tree.ConstraintDecl]
    rules: Mapping[str, tree.RuleDecl]

    def declarations(self) -> dict[str, tree.Decl]:
        """Return all declarations by qualified name."""
        return {
            **self.lists, **self.ontologies, **self.kbs, **self.patterns, **self.conditions,
            **self.contexts, **self.sections, **self.models, **self.entities, **self.relations,
            **self.documents, **self.constraints, **self.rules,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking gives: the program, or None when an error stands among the diagnostics."""

    program: Program | None
    files: Mapping[str, SourceFile]
    diagnostics: tuple[Diagnostic, ...]
