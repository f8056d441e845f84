import pytest

from biolabel.errors import RunError
from biolabel.web.service.editor import rule_files, save
from biolabel.web.service.lab import Lab, RuleChange
from biolabel.workflow.preview import Clash
from biolabel.workflow.results import Results

NAME = "tiny.rules"
EVERYWHERE = "\nrule everywhere for cid\n  votes: none\n  when: same sentence\n"


def text_of(results: Results) -> str:
    [file] = rule_files(results.task)
    return file.text


def test_the_saved_text_changes_nothing(lab: Lab, results: Results) -> None:
    found = lab.preview(NAME, text_of(results))
    assert (found.changes, found.findings, found.documents) == ((), (), 12)


def test_an_edit_shows_votes_and_conflicts(lab: Lab, results: Results) -> None:
    found = lab.preview(NAME, text_of(results) + EVERYWHERE)
    [change] = [each for each in found.changes if each.rule == "everywhere"]
    assert change.before is None
    assert change.gained == change.after
    assert change.headline.startswith(f"+{change.gained} -0, ")
    assert "now conflict with" in change.headline
    assert change.gained_examples[0].context
    assert lab.preview(NAME, text_of(results)).changes == ()


def test_entity_rules_are_told_first(lab: Lab, results: Results) -> None:
    edited = text_of(results).replace('find: "the" | "and"', 'find: "the" | "dose"')
    soon = lab.preview(NAME, edited, soon=True)
    assert (soon.partial, {each.task for each in soon.changes}) == (True, {"mentions"})
    whole = lab.preview(NAME, edited)
    assert not whole.partial
    assert whole.changes[: len(soon.changes)] == soon.changes
    other = lab.preview(NAME, text_of(results) + EVERYWHERE, soon=True)
    assert not other.partial
    assert {each.task for each in other.changes} == {"cid"}


def test_mistakes_are_findings(lab: Lab, results: Results) -> None:
    found = lab.preview(NAME, text_of(results).replace("votes: causes", "votes: cuases", 1))
    assert [each.code for each in found.findings if each.severity == "error"] == ["BL110"]
    assert found.changes == ()


def test_python_is_a_finding(lab: Lab, results: Results) -> None:
    added = '\nrule calls for cid\n  votes: none\n  when: python "os:getcwd"\n'
    found = lab.preview(NAME, text_of(results) + added)
    assert [each.code for each in found.findings] == ["BL392"]


def test_texts_that_name_other_files_do_not_reach_the_process(lab: Lab, results: Results) -> None:
    with pytest.raises(RunError) as caught:
        lab.preview(NAME, f'import "/etc/passwd"\n{text_of(results)}')
    assert caught.value.code == "BL990"


def test_samples_and_reasons(lab: Lab, results: Results) -> None:
    found = lab.sample("corpus", "said_to_cause", 2, 0).sampled
    assert found.hits > 0
    assert {sample.kind for sample in found.samples} >= {"hit"}
    assert all(sample.right is None for sample in found.samples)
    assert (found.judged, found.interval) == (0, None)
    marked = "{chemical: Lithium} caused a {disease: tremor}"
    assert lab.why("said_to_cause", "", marked, ()).vote == "causes"
    id_ = results.parts["corpus"].corpus.ids[0]
    assert lab.why("said_to_cause", id_, "", ()).name == "said_to_cause"
    with pytest.raises(RunError) as caught:
        lab.why("said_to_cause", "nobody", "", ())
    assert caught.value.code == "BL923"


def test_a_beginning_answers_as_without_one_and_raises_nothing(edited: Results) -> None:
    text = text_of(edited)
    for broken in (False, True):
        if broken:
            text = text.replace("votes: causes", "votes: cuases", 1)
            save(edited.task, NAME, text, rule_files(edited.task)[0].digest)
        lab = Lab(edited)
        lab.begin()
        found = lab.preview(NAME, text)
        assert [each.code for each in found.findings if each.severity == "error"] == (
            ["BL110"] if broken else []
        )
        assert found.changes == ()
        lab.close()


def test_a_saved_edit_is_the_new_start(edited: Results) -> None:
    lab = Lab(edited)
    try:
        new = text_of(edited) + EVERYWHERE
        with pytest.raises(RunError, match="everywhere"):
            lab.sample("corpus", "everywhere", 2, 0)
        assert lab.preview(NAME, new).changes
        [file] = rule_files(edited.task)
        save(edited.task, NAME, new, file.digest)
        assert lab.preview(NAME, new).changes == ()
        for seed in (0, 1):
            assert lab.sample("corpus", "everywhere", 2, seed).sampled.hits > 0
        assert lab.why("everywhere", edited.parts["corpus"].corpus.ids[0], "", ()).headline
        assert lab.try_examples().counts["passed"] > 0
        failing = new.replace('matches: "Tremor after lithium"', 'matches: "Lithium and tremor"')
        [file] = rule_files(edited.task)
        save(edited.task, NAME, failing, file.digest)
        tried = lab.try_examples()
        assert [(each.rule, each.status) for each in tried.results] == [("title_of_harm", "failed")]
        assert [each.code for each in tried.findings] == ["BL501"]
    finally:
        lab.close()


@pytest.mark.parametrize(
    ("clashes", "said"),
    [
        ((), "+41 -7"),
        ((Clash("ctd", 1, 3), Clash("x", 2, 1)), "+41 -7, 2 now conflict with ctd"),
        ((Clash("ctd", 3, 0),), "+41 -7, 3 no longer conflict with ctd"),
    ],
)
def test_a_change_in_words(clashes: tuple[Clash, ...], said: str) -> None:
    assert RuleChange("cid", "rule", 0, 34, 41, 7, clashes, (), ()).headline == said
