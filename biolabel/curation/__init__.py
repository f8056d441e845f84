"""From predictions to a reviewed knowledge base: assertions with evidence."""

from biolabel.curation.assertions import (
    Assertion,
    build_assertions,
    surface_names,
)
from biolabel.curation.evidence import Evidence, Parts
from biolabel.curation.known import Base, Known, Standing, Statement, Status
from biolabel.curation.table import read_assertions, write_assertions

__all__ = [
    "Assertion",
    "Base",
    "Evidence",
    "Known",
    "Parts",
    "Standing",
    "Statement",
    "Status",
    "build_assertions",
    "read_assertions",
    "surface_names",
    "write_assertions",
]
