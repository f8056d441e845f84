"""From a finished run to the database of curation: what its assertions are now."""

from collections.abc import Mapping

from biolabel.curation.store import Database, Loaded, load, run_of
from biolabel.curation.table import read_assertions
from biolabel.workflow.results import Results


def load_run(results: Results, database: Database) -> Mapping[str, Loaded]:
    """Load the assertions of a run, by task, but for tasks whose assertions are those of it already.

    Raises:
        RunError: as `load`; CorpusError: as `read_assertions`.
    """
    run = results.assertions.name
    return {
        table.stem: load(database, table.stem, read_assertions(table), run)
        for table in sorted(results.assertions.glob("*.tsv"))
        if run_of(database, table.stem) != run
    }
