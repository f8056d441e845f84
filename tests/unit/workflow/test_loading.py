"""From a finished run to the database of curation."""

from pathlib import Path

from biolabel.curation.review import NewDecision, assertion_id
from biolabel.curation.store import decide, one, open_database, run_of, tasks_of
from biolabel.curation.table import write_assertions
from biolabel.workflow.loading import load_run
from biolabel.workflow.results import Results
from tests.unit.web.planted import planted


def run(folder: Path, n: int) -> Results:
    """Return results of which there are only assertions."""
    folder.mkdir()
    write_assertions(folder / "cid.tsv", planted(n))
    found = Results.__new__(Results)
    object.__setattr__(found, "assertions", folder)
    return found


def test_a_run_is_loaded_once(tmp_path: Path) -> None:
    database = open_database(tmp_path / "curation.sqlite")
    first = run(tmp_path / "run1", 3)
    assert {task: each.assertions for task, each in load_run(first, database).items()} == {"cid": 3}
    assert load_run(first, database) == {}
    assert (tasks_of(database), run_of(database, "cid")) == (("cid",), "run1")
    database.close()


def test_another_run_keeps_what_was_decided(tmp_path: Path) -> None:
    database = open_database(tmp_path / "curation.sqlite")
    load_run(run(tmp_path / "run1", 3), database)
    last = list(planted(3))[-1]
    key = assertion_id("cid", last.subject, last.predicate, last.object)
    decide(database, NewDecision(key, "accept", "ada"))
    loaded = load_run(run(tmp_path / "run2", 2), database)["cid"]
    assert (loaded.assertions, loaded.kept) == (2, 1)
    assert not one(database, key).current
    database.close()
