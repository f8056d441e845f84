"""What all pages show: a run's results, the laboratory for rules, their checker, curators' decisions."""

from dataclasses import dataclass

from biolabel.curation.store import Database
from biolabel.web.service.editor import Checker
from biolabel.web.service.lab import Lab
from biolabel.workflow.results import Results


@dataclass(frozen=True)
class Site:
    """What pages are about."""

    results: Results
    lab: Lab
    checker: Checker
    database: Database
