from pathlib import Path

import pytest

from biolabel.lang import tree
from tests.unit.apply.world import PAIR, TOPIC, compiled

NOT_YET = "is not yet supported by the engine"
ENTITY = "entity e\n  labels: A, B\n"
TAGGED = 'pipeline\n  tagger: spacy "en"\n  parser: spacy "en"\n'
RELATION_RULE = "rule x for r\n  votes: yes\n  when: {}\n"
TOPIC_RULE = "rule x for t\n  votes: yes\n  when: {}\n"
ENTITY_RULE = "rule x for e\n  votes: A\n  find: {}\n"


def errors(folder: Path, rules: str) -> list[str]:
    """Return the codes and what is not supported, of the compiler's errors."""
    found = compiled(folder, rules)
    assert (found.plan is None) is any(d.severity == "error" for d in found.diagnostics)
    return [d.message.removesuffix(f" {NOT_YET}") for d in found.diagnostics if d.code == "BL390"]


@pytest.mark.parametrize(
    ("condition", "what"),
    [
        ('python "m:f"', "`python`"),
        ("model m says yes", "a model's output"),
        ("other votes yes", "`votes` as a condition"),
        ('sentence has {a} ("x" | ..3 "y") {b}', "a gap without a required part on each side"),
        ("off_rule fires", "`fires` of the rule `off_rule`, which is off,"),
    ],
)
def test_conditions(tmp_path: Path, condition: str, what: str) -> None:
    declared = (
        "list l\n  words: a\nrule other for r\n  votes: yes\n  when: adjacent\n"
        "rule off_rule for r\n  status: off\n  votes: yes\n  when: adjacent\n"
    )
    if "model" in condition:
        declared += 'model m\n  from: spacy "en"\n  maps: a -> yes\n'
    found = errors(tmp_path, TAGGED + PAIR + declared + RELATION_RULE.format(condition))
    assert what in found


@pytest.mark.parametrize(
    "condition",
    [
        "path like {a} <nsubj {b}",
        'path has "cause"',
        "path_length <= 3 edges",
        "sentence has [lemma=cause & pos=VERB]",
        "sentence has [!(dep=nsubj) | is_stop | is_sent_start]",
        "sentence has [lemma in l] [shape in l] [ent=A]",
    ],
)
def test_grammar_runs(tmp_path: Path, condition: str) -> None:
    rules = TAGGED + PAIR + "list l\n  words: a\n" + RELATION_RULE.format(condition)
    assert errors(tmp_path, rules) == []


def test_what_no_active_rule_uses_is_no_problem(tmp_path: Path) -> None:
    rules = (
        f'{PAIR}{RELATION_RULE.format("adjacent")}condition c for r\n  is: python "m:f"\n'
        "pattern p\n  is: [lemma=a]\n"
        "rule y for r\n  status: off\n  votes: yes\n  when: c\n"
    )
    assert errors(tmp_path, TAGGED + rules) == []


def test_what_is_used_twice_is_said_once(tmp_path: Path) -> None:
    rules = (
        f'{PAIR}condition c for r\n  is: python "m:f"\n'
        "rule y for r\n  votes: yes\n  when: c\nrule z for r\n  votes: yes\n  when: not c\n"
    )
    found = compiled(tmp_path, rules)
    assert len(found.diagnostics) == 1
    text = (tmp_path / "test.rules").read_text()
    span = found.diagnostics[0].span
    assert text[span.start : span.end] == 'python "m:f"'


@pytest.mark.parametrize(
    ("find", "what"),
    [
        ("l in before span", "`find:` in the region `before`"),
        ("l in meta mesh", "`find:` in the region `meta`"),
        ("A l", "the entity type `A` in an entity task"),
        ("l\n  when: y fires", "a condition on votes in an entity task"),
        ("l\n  when: any t voted yes", "a condition on votes in an entity task"),
        ("l\n  when: sentence has l both ways", "`both ways` in an entity task"),
        ("l\n  when: another A closer to span", "`closer to` in an entity task"),
        ("l\n  unless: span is most_mentioned", "`most_mentioned` in an entity task"),
        ("model m", "a model's output"),
    ],
)
def test_entity_rules(tmp_path: Path, find: str, what: str) -> None:
    declared = (
        f"{ENTITY}{TOPIC}list l\n  words: a\n{TOPIC_RULE.format('title has l').replace('x', 'z', 1)}"
        "rule y for e\n  votes: A\n  find: l\n"
    )
    if "model" in find:
        declared += 'model m\n  from: spacy "en"\n  maps: a -> A\n'
    assert what in errors(tmp_path, TAGGED + declared + ENTITY_RULE.format(find))


@pytest.mark.parametrize(
    ("condition", "what"),
    [
        ('title has "x" both ways', "`both ways` in a document task"),
    ],
)
def test_document_rules(tmp_path: Path, condition: str, what: str) -> None:
    assert what in errors(tmp_path, TOPIC + TOPIC_RULE.format(condition))


@pytest.mark.parametrize(
    ("find", "what"),
    [
        ("l", "`found type` of a pattern without an ontology"),
        ("o", "`found type` of `o`, which has no type,"),
        ("drugs | genes", "`found type` of `genes`, which has Gene,"),
    ],
)
def test_found_types(tmp_path: Path, find: str, what: str) -> None:
    rules = (
        f'{ENTITY}list l\n  words: a\nontology o\n  from: catalog "o"\n'
        'ontology drugs\n  from: catalog "o"\n  type: A\n'
        'ontology genes\n  from: catalog "o"\n  type: Gene\n'
        f"rule x for e\n  votes: found type\n  find: {find}\n"
    )
    assert what in errors(tmp_path, rules)
    assert errors(tmp_path, rules.replace(f"find: {find}", "find: drugs")) == []


@pytest.mark.parametrize(
    ("task", "what"),
    [
        ("entity e\n  labels: A\n  unit: span\n", "an entity task with `unit: span` or `pick: many`"),
        ("entity e\n  labels: A\n  pick: many\n", "an entity task with `unit: span` or `pick: many`"),
        (PAIR.replace("b: B", "b: B, c: C"), "a relation with other than two arguments"),
        (PAIR.replace("scope: document", "scope: section"), "`scope: section`"),
        (f"{TOPIC}  unit: sentence\n", "a document task over sentences"),
        (f"{PAIR}  when: x fires\n{RELATION_RULE.format('adjacent')}",
         "a condition on votes in a relation's `when:`"),
        (f"{PAIR}  when: any t voted yes\n{TOPIC}", "a condition on votes in a relation's `when:`"),
        (f'{PAIR}  when: python "m:f"\n', "`python`"),
    ],
)  # fmt: skip
def test_tasks(tmp_path: Path, task: str, what: str) -> None:
    assert what in errors(tmp_path, task)


@pytest.mark.parametrize(
    "fields",
    [
        'ontology o\n  from: obo "x"\n  case: smart\n  where: a = "b"\n  via: exact, fuzzy 0.9\n',
        'ontology o\n  from: tsv "x"\n  columns: id = "a", separator = ";"\n',
        'kb k\n  from: tsv "x", "y"\n  columns: subject = "a", count = "n"\n  where: a = "b"\n',
        'kb k\n  from: catalog "x"\n  expand: subject ancestors 1\n  complete: yes\n',
    ],
)
def test_all_that_knowledge_can_say_runs(tmp_path: Path, fields: str) -> None:
    assert errors(tmp_path, f"{TOPIC}{fields}") == []


REFUSED = {
    "Python", "ModelSays", "FindModel", "Score", "RuleVotes",
    "ModelDecl",
}  # fmt: skip
WRITTEN_OUT = {"CondRef", "Macro", "ConditionDecl", "PatternDecl"}
BEFORE_THE_COMPILER = {
    "FileTree", "ImportDecl", "PipelineDecl", "ProjectDecl", "DefaultsDecl", "Example", "Tests",
    "Meta", "Decl", "Declaration", "Node", "Name", "NOWHERE", "Source",
}  # fmt: skip
ALIASES = {
    "Bound", "CasePolicy", "Condition", "ConstraintExpr", "Operator", "Pattern", "Pick", "RegionKind",
    "Status", "TokenTest", "Unit", "Value", "Argument", "Case", "Vote",
}  # fmt: skip
EXECUTED = {
    "Edge", "PathLike",
    "Adjacent", "Alt", "And", "Arg", "Borders", "Closer", "Compare", "ConstraintAnd",
    "ConstraintDecl", "ConstraintOr", "ConstraintTerm", "ContextDecl", "Count", "CountOf", "Distance",
    "DocumentDecl", "EntityDecl", "Evidence", "Exact", "Fires", "FindPattern", "Gap", "Has", "InKb",
    "Is", "KOf", "KbDecl", "Keep", "ListDecl", "Measure", "Member", "MetaValue", "Not", "OntologyDecl", "Or",
    "Order", "Phrase", "Quantity", "Ref", "Regex", "Region", "RelationDecl", "Repeat", "RuleDecl",
    "Same", "Scope", "SectionDecl", "SectionIs", "Seq", "Token", "TokenAll", "TokenAny", "TokenFlag", "TokenIn",
    "TokenIs", "TokenNot", "Via", "Voted", "Window", "Where", "Expand",
}  # fmt: skip


def test_every_kind_of_node_is_executed_or_refused() -> None:
    """A new node has to be put into one of the sets, and so be thought of."""
    sets = (REFUSED, WRITTEN_OUT, BEFORE_THE_COMPILER, ALIASES, EXECUTED)
    assert set().union(*sets) == set(tree.__all__)
    assert sum(map(len, sets)) == len(tree.__all__)
