"""From files to one program: defaults, labels, mentions, qualified names."""

from collections.abc import Callable
from pathlib import Path

from biolabel.lang import tree
from biolabel.lang.load import load, load_all
from biolabel.lang.program import Checked

Check = Callable[[str], Checked]
RULE = (
    'rule r for cid\n  votes: causes\n  when: adjacent\n  matches: "{chemical: a} {disease: b}"\n'
)


def test_none_is_the_last_label_of_entities_and_relations(checked: Check) -> None:
    program = checked("entity others\n  labels: none, Gene\n").program
    assert program is None  # two entity tasks: the relation must choose
    program = checked("").program
    assert program is not None
    assert [n.text for n in program.entities["mentions"].labels] == ["Chemical", "Disease", "none"]
    assert [n.text for n in program.relations["cid"].labels] == ["causes", "none"]


def test_documents_have_none_where_they_may_have_no_label_at_all(checked: Check) -> None:
    program = checked("document organs\n  labels: heart, brain\n  pick: many\n").program
    assert program is not None
    assert [n.text for n in program.documents["organs"].labels] == ["heart", "brain", "none"]
    assert "none" not in [n.text for n in program.documents["topic"].labels]
    assert [n.text for n in program.documents["topic"].labels] == ["adverse", "other"]


def test_mentions_are_those_of_the_only_entity_task(checked: Check) -> None:
    program = checked("").program
    assert program is not None
    assert program.relations["cid"].mentions == tree.Name("mentions")
    codes = [d.code for d in checked("entity others\n  labels: Gene\n").diagnostics]
    assert codes == ["BL104"]


def test_relations_need_mentions(tmp_path: Path) -> None:
    path = tmp_path / "main.rules"
    path.write_text("biolabel 1\nrelation r(a: A, b: B)\n  labels: x\n")
    (found,) = load(path).diagnostics
    assert (found.code, found.hint) == ("BL104", "add an `entity` task, or write `mentions: given`")
    path.write_text("biolabel 1\nrelation r(a: A, b: B)\n  labels: x\n  mentions: given\n")
    assert load(path).diagnostics == ()


def test_defaults_fill_what_the_rule_leaves_out(checked: Check) -> None:
    program = checked(
        'defaults for cid\n  author: "A"\n  status: draft\n  precision: 70%\n  group: g\n'
        + RULE
        + RULE.replace("rule r", "rule s").replace(
            "  when", '  status: active\n  author: "B"\n  precision: 0.9\n  group: h\n  when'
        )
    ).program
    assert program is not None
    r, s = program.rules["r"], program.rules["s"]
    assert (r.meta.author, r.meta.status, r.precision, r.group) == (
        "A",
        "draft",
        0.7,
        (tree.Name("g"),),
    )
    assert (s.meta.author, s.meta.status, s.precision, s.group) == (
        "B",
        "active",
        0.9,
        (tree.Name("h"),),
    )


def test_defaults_are_for_the_rules_of_their_file(tmp_path: Path) -> None:
    (tmp_path / "tasks.rules").write_text(
        "biolabel 1\nentity m\n  labels: A\ndefaults for m\n  precision: 0.5\n"
    )
    (tmp_path / "rules.rules").write_text(
        'biolabel 1\nrule r for m\n  votes: A\n  find: "x"\n  matches: "{x}"\n'
    )
    result = load_all([tmp_path / "tasks.rules", tmp_path / "rules.rules"])
    assert result.program is not None
    assert result.program.rules["r"].precision is None


def test_two_defaults_and_two_pipelines_are_reported(checked: Check) -> None:
    result = checked(
        "defaults for cid\n  precision: 0.5\ndefaults for cid\n  precision: 0.6\n"
        "pipeline\n  tokens: scispacy\npipeline\n  tokens: blank\n"
    )
    assert [d.code for d in result.diagnostics] == ["BL102", "BL102"]


def test_subsets_are_split_off_knowledge_bases(checked: Check) -> None:
    program = checked(
        'kb ctd\n  from: catalog "ctd"\n  pairs: Chemical -> Disease\n'
        + RULE.replace("adjacent", "pair in ctd.marker and pair in ctd")
    ).program
    assert program is not None
    when = program.rules["r"].when
    assert when == tree.And(
        (tree.InKb(tree.Name("ctd"), subset="marker"), tree.InKb(tree.Name("ctd")))
    )


def test_status_off_stays_in_the_program(checked: Check) -> None:
    program = checked(RULE + "  status: off\n").program
    assert program is not None
    assert program.rules["r"].meta.status == "off"


def test_paths_are_beside_their_rule_file(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "main.rules").write_text('biolabel 1\nimport "sub/lists.rules"\n')
    (tmp_path / "sub" / "lists.rules").write_text(
        'biolabel 1\nlist l\n  file: "../words.txt"\nkb k\n  from: tsv "k.tsv"\n'
        'ontology o\n  from: catalog "mesh"\n'
    )
    program = load(tmp_path / "main.rules").program
    assert program is not None
    assert program.lists["l"].files == (str(tmp_path / "words.txt"),)
    source = program.kbs["k"].source
    assert source is not None
    assert source.paths == (str(tmp_path / "sub" / "k.tsv"),)
    catalog = program.ontologies["o"].source
    assert catalog is not None
    assert catalog.paths == ("mesh",)


def test_a_declaration_without_its_broken_field_is_not_blamed_for_it(checked: Check) -> None:
    result = checked("rule r for cid\n  vots: causes\n  when: (adjacent\n")
    assert [d.code for d in result.diagnostics] == ["BL007", "BL005"]


def test_hints_for_names_of_another_kind(checked: Check) -> None:
    def hints(condition: str) -> list[str]:
        result = checked(
            RULE + "condition close for cid\n  is: distance < 5 words\n"
            f"rule s for cid\n  votes: causes\n  when: close and {condition}\n  {RULE.splitlines()[-1]}\n"
        )
        return [d.hint for d in result.diagnostics]

    assert hints("r") == ["write `r fires`"]
    assert hints("close fires") == ["write `close` alone"]
    assert hints("sentence has chemical") == ["write {chemical} for the argument"]
    assert hints("sentence has Chemicl") == ["did you mean `Chemical`?"]
    assert hints('between has "a" annd adjacent') == [
        "did you mean `and`?",
        "join conditions with `and` or `or`",
    ]
    assert hints("adjacnt") == ["did you mean `adjacent`?"]
