from pathlib import Path

import pytest

from biolabel.errors import RunError
from biolabel.resources import data_root, root
from biolabel.workflow.settings import EndModel, Gold, Task, TaskFolder, check_gold, load_task

HEAD = 'name = "x"\ntitle = "X"\n'


def task_of(tmp_path: Path, settings: str) -> TaskFolder:
    """Return the task of a folder whose task.toml has these lines after its head."""
    (tmp_path / "task.toml").write_text(HEAD + settings, encoding="utf-8")
    return load_task(tmp_path)


def problem(tmp_path: Path, settings: str) -> str:
    """Return what is said about a task.toml that is not as it should be."""
    with pytest.raises(RunError) as caught:
        task_of(tmp_path, settings)
    assert caught.value.code == "BL903"
    assert str(tmp_path / "task.toml") in caught.value.message
    return caught.value.message


def test_what_is_not_said_has_a_default(tmp_path: Path) -> None:
    found = task_of(tmp_path, "")
    assert found == TaskFolder(folder=tmp_path, task=Task(name="x", title="X"))
    assert found.task.label_model.method == "auto"
    assert found.task.end_model == EndModel()
    assert found.documents("corpus") is None


def test_settings_are_read(tmp_path: Path) -> None:
    found = task_of(
        tmp_path,
        'corpus = "a.pubtator"\n[gold.cid]\nrelation = "CID"\nlabel = "causes"\n'
        '[label_model]\nmethod = "majority"\n[end_model]\nepochs = 2\n[fusion]\nrelations = 0.25\n',
    )
    assert found.documents("corpus") == tmp_path / "a.pubtator"
    assert found.task.gold == {"cid": Gold(relation="CID", label="causes")}
    assert found.task.label_model.method == "majority"
    assert found.task.end_model.epochs == 2
    assert found.task.fusion.shares() == {"entity": 0.2, "relation": 0.25, "document": 0.5}


def test_documents_say_their_format_and_columns(tmp_path: Path) -> None:
    task = task_of(tmp_path, '[documents]\nformat = "csv"\ncolumns.text = "abstract"\n').task
    assert (task.documents.format, task.documents.columns) == ("csv", {"text": "abstract"})
    assert "did you mean `format`" in problem(tmp_path, '[documents]\nformats = "csv"\n')


def test_documents_may_be_a_folder_with_the_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = task_of(tmp_path, 'where = "data"\ncorpus = "many"\n')
    monkeypatch.setenv("BIOLABEL_DATA", str(tmp_path))
    (tmp_path / "many").mkdir()
    assert found.documents("corpus") == tmp_path / "many"


def test_documents_may_lie_with_the_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIOLABEL_DATA", str(tmp_path / "data"))
    found = task_of(tmp_path, 'where = "data"\ndev = "cdr/dev.pubtator"\n')
    with pytest.raises(RunError, match=r"the dev of x is missing") as caught:
        found.documents("dev")
    assert caught.value.code == "BL905"
    assert "BIOLABEL_DATA" in caught.value.hint
    path = data_root() / "cdr" / "dev.pubtator"
    path.parent.mkdir(parents=True)
    path.touch()
    assert found.documents("dev") == path
    assert found.documents("corpus") is None


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("corpse = 'a'\n", "unknown setting `corpse`, did you mean `corpus`?"),
        ("zzz = 1\n", "unknown setting `zzz`"),
        ("[end_model]\nepoch = 3\n", "unknown setting `end_model.epoch`, did you mean `epochs`?"),
        ("[label_model]\nmethods = 'em'\n", "did you mean `method`?"),
        ("[fusion]\nrelation = 1\n", "did you mean `relations`?"),
        (
            "[gold.cid]\nrelatoin = 'CID'\nlabel = 'causes'\n",
            "unknown setting `gold.cid.relatoin`, did you mean `relation`?",
        ),
        (
            "[gold.cid]\nrelation = 'CID'\n",
            "`gold.cid`: Value error, give either `relation` and `label`, or `labels`",
        ),
        ("[end_model]\nepochs = 'many'\n", "`end_model.epochs`: Input should be a valid integer"),
        ("[end_model]\nepochs = 0\n", "`end_model.epochs`"),
        ("[augment]\nshare = 1.5\n", "`augment.share`"),
        ("[augment]\npolicy = 'some'\n", "`augment.policy`"),
        ("[augment]\ntransformations = ['synonym']\n", "`augment.transformations.0`"),
        ("[augment]\ncopys = 1\n", "unknown setting `augment.copys`, did you mean `copies`?"),
        ("[end_model]\nencoder = ''\n", "`end_model.encoder`"),
        ("[label_model]\nmethod = 'mean'\n", "'auto', "),
        ("[label_model]\nmethod = 'temperd'\n", ", not `temperd`, did you mean `tempered`?"),
        ("where = 'web'\n", "'package' or 'data'"),
        ("corpus = 3\n", "`corpus`"),
        ("corpus = \n", "line 3"),
        ("name = 'y'\n", "Cannot overwrite"),
    ],
)
def test_wrong_settings_are_named(tmp_path: Path, settings: str, said: str) -> None:
    assert said in problem(tmp_path, settings)


def test_every_problem_is_said_at_once(tmp_path: Path) -> None:
    message = problem(tmp_path, "corpse = 'a'\n[end_model]\nepochs = 0\nrate = 7\n")
    assert message.count(";") == 2


def test_a_task_needs_its_name(tmp_path: Path) -> None:
    (tmp_path / "task.toml").write_text("title = 'X'\n", encoding="utf-8")
    with pytest.raises(RunError, match="`name`: Field required"):
        load_task(tmp_path)


def test_settings_in_another_encoding_are_refused(tmp_path: Path) -> None:
    (tmp_path / "task.toml").write_bytes('name = "caf\xe9"'.encode("latin-1"))
    with pytest.raises(RunError, match="is not UTF-8 text: byte ") as caught:
        load_task(tmp_path)
    assert (caught.value.code, caught.value.hint) == ("BL903", "save it as UTF-8")


def test_settings_may_start_with_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "task.toml").write_text(HEAD, encoding="utf-8-sig")
    assert load_task(tmp_path).task.title == "X"


def test_shipped_tasks_are_found_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_task(Path("tasks/demo")).folder == root("tasks") / "demo"


def test_a_folder_of_ones_own_goes_before_a_shipped_task(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    own = Path("tasks/demo")
    own.mkdir(parents=True)
    (own / "task.toml").write_text(HEAD, encoding="utf-8")
    assert load_task(own).task.title == "X"


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("tasks/dem", "did you mean tasks/demo?"),
        ("tasks/zzzzz", "biolabel ships: cdr, chemprot, demo, ncbi_disease"),
    ],
)
def test_unknown_tasks_are_told_with_the_nearest(path: str, hint: str) -> None:
    with pytest.raises(RunError, match="is no task") as caught:
        load_task(Path(path))
    assert (caught.value.code, caught.value.hint) == ("BL902", hint)


@pytest.mark.parametrize("named", ["rules/tyni.rules", "tyni.rules"])
def test_a_missing_file_is_called_missing(tmp_path: Path, named: str) -> None:
    (tmp_path / "rules").mkdir()
    for folder in ("", "rules"):
        (tmp_path / folder / "tiny.rules").touch()
    with pytest.raises(RunError) as caught:
        load_task(tmp_path / named)
    near = (tmp_path / named).with_name("tiny.rules")
    assert caught.value.code == "BL905"
    assert caught.value.message == f"cannot read {tmp_path / named}: no such file"
    assert caught.value.hint == f"did you mean {near}?"


def test_a_missing_file_without_neighbors(tmp_path: Path) -> None:
    with pytest.raises(RunError) as caught:
        load_task(tmp_path / "nowhere" / "a.rules")
    assert (caught.value.code, caught.value.hint) == (
        "BL905",
        "check that the file is there and that you may read it",
    )


def test_a_file_of_another_kind_is_no_task(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    with pytest.raises(RunError, match="is a file, but its name does not end in") as caught:
        load_task(tmp_path / "a.txt")
    assert caught.value.code == "BL902"


def test_rule_files_come_in_order_of_their_names(tmp_path: Path) -> None:
    found = task_of(tmp_path, "")
    (tmp_path / "rules").mkdir()
    for name in ("b.rules", "a.rules", "notes.txt"):
        (tmp_path / "rules" / name).touch()
    assert [path.name for path in found.rule_files()] == ["a.rules", "b.rules"]


def test_a_task_without_rules_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"no \*\.rules") as caught:
        task_of(tmp_path, "").rule_files()
    assert caught.value.code == "BL904"


@pytest.mark.parametrize(
    ("task", "label", "said", "hint"),
    [
        ("cdi", "causes", "`gold.cdi`: no relation task has this name", "did you mean `cid`?"),
        ("cid", "cause", "`gold.cid`: no label `cause`", "did you mean `causes`?"),
        ("cid", "xyz", "no label `xyz`", "there are: causes, none"),
    ],
)
def test_gold_that_the_rules_do_not_have_is_refused(
    tmp_path: Path, task: str, label: str, said: str, hint: str
) -> None:
    found = task_of(tmp_path, f"[gold.{task}]\nrelation = 'CID'\nlabel = '{label}'\n")
    with pytest.raises(RunError) as caught:
        check_gold(found, {"cid": ("causes", "none")})
    assert caught.value.code == "BL909"
    assert said in caught.value.message
    assert caught.value.hint == hint


def test_gold_that_the_rules_have_passes(tmp_path: Path) -> None:
    found = task_of(tmp_path, "[gold.cid]\nrelation = 'CID'\nlabel = 'causes'\n")
    check_gold(found, {"cid": ("causes", "none")})


def test_thresholds_are_of_tasks_and_labels_of_the_rules(tmp_path: Path) -> None:
    found = task_of(tmp_path, '[thresholds]\ncid = 0.5\n"cid.causes" = 0.25\n')
    assert found.task.thresholds == {"cid": 0.5, "cid.causes": 0.25}
    check_gold(found, {"cid": ("causes", "none")})
    for wrong in ("cdi", '"cid.cause"'):
        other = task_of(tmp_path, f"[thresholds]\n{wrong} = 0.5\n")
        with pytest.raises(RunError, match="no relation task, and no label of one") as caught:
            check_gold(other, {"cid": ("causes", "none")})
        assert caught.value.code == "BL909"
        assert "did you mean `cid" in (caught.value.hint or "")
    assert "`thresholds.cid`" in problem(tmp_path, "[thresholds]\ncid = 1.5\n")


def test_names_in_biolink(tmp_path: Path) -> None:
    text = '[biolink]\npredicates.causes = "biolink:causes"\ncategories.Drug = "biolink:Drug"\n'
    found = task_of(tmp_path, text).task.biolink
    assert found.predicates == {"causes": "biolink:causes"}
    assert (found.documents, found.source) == ("PMID", "infores:biolabel")
    for wrong in (text.replace(":causes", ":Causes"), text.replace(":Drug", ":drug")):
        assert "`biolink." in problem(tmp_path, wrong)
    assert "did you mean `predicates`" in problem(tmp_path, '[biolink]\npredicate.a = "b"\n')


def test_gold_of_several_labels(tmp_path: Path) -> None:
    found = task_of(tmp_path, "[gold.r.labels]\nUP = 'up'\n'PART-OF' = 'part'\nPIECE = 'part'\n")
    assert found.task.gold["r"].names == {"UP": "up", "PART-OF": "part", "PIECE": "part"}
    check_gold(found, {"r": ("up", "part", "none")})
    with pytest.raises(RunError, match="no label `part`"):
        check_gold(found, {"r": ("up", "none")})


def test_a_rule_file_is_a_task_with_the_settings_near_it(tiny_task: Path) -> None:
    path = tiny_task / "rules" / "tiny.rules"
    found = load_task(path)
    assert found.rule_files() == [path]
    assert found.documents("corpus") is None
    assert list(found.task.gold) == ["cid"]
    alone = tiny_task.parent / "alone" / "x.rules"
    alone.parent.mkdir()
    alone.write_text("biolabel 1\n", encoding="utf-8")
    assert (load_task(alone).task.name, load_task(alone).task.gold) == ("x", {})


@pytest.mark.parametrize("name", ["../x", "/etc", "a/b", "a\\\\b", "..", ".", " ", "a\\u001bb", ""])
def test_a_name_cannot_lead_results_elsewhere(tmp_path: Path, name: str) -> None:
    (tmp_path / "task.toml").write_text(f'name = "{name}"\ntitle = "x"\n', "utf-8")
    with pytest.raises(RunError, match="names the folder of results") as raised:
        load_task(tmp_path)
    assert raised.value.code == "BL903"


@pytest.mark.parametrize("text", ["a = " + "[" * 100_000, "a = " + "9" * 5000])
def test_settings_that_break_the_parser(tmp_path: Path, text: str) -> None:
    (tmp_path / "task.toml").write_text(text, "utf-8")
    with pytest.raises(RunError) as raised:
        load_task(tmp_path)
    assert raised.value.code == "BL903"


def test_rules_are_files_of_rules(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("password: 1234\n", "utf-8")
    (tmp_path / "task.toml").write_text('name = "x"\ntitle = "x"\nrules = "secret.txt"\n', "utf-8")
    with pytest.raises(RunError) as raised:
        load_task(tmp_path).rule_files()
    assert raised.value.code == "BL904"
