"""From predictions to a reviewed knowledge base: assertions with evidence."""

from biolabel.curation.assertions import (
    Assertion,
    Status,
    build_assertions,
    surface_names,
)
from biolabel.curation.evidence import Evidence
from biolabel.curation.known import Known, Statement
from biolabel.curation.table import read_assertions, write_assertions

__all__ = [
    "Assertion",
    "Evidence",
    "Known",
    "Statement",
    "Status",
    "build_assertions",
    "read_assertions",
    "surface_names",
    "write_assertions",
]
