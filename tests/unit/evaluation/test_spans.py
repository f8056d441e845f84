from pathlib import Path

import pytest

from biolabel.data.mentions import given_mentions
from biolabel.evaluation.ground import ground
from biolabel.evaluation.needs import rules_of
from biolabel.evaluation.spans import SpanExplainer
from tests.unit.apply.world import NOTHING, corpus
from tests.unit.evaluation.stand import WORDS, stand

NAMES = f"""{WORDS}
list dull
  words: lithium
ontology chemicals
  from: tsv "chemicals.tsv"
  type: Chemical
  ids: "MESH"
  via: exact
  min_length: 5
  stop: dull
  drop: "heparin"
rule names for mentions
  votes: Chemical
  find: chemicals
"""


@pytest.mark.parametrize(
    ("text", "verdict", "notes"),
    [
        ("some {morphine}", "yes", ['finds "morphine"']),
        (
            "some {lithium}",
            "no",
            ['"lithium" is not found', "`chemicals` has it, but `stop:` keeps it out (dull)"],
        ),
        (
            "some {heparin}",
            "no",
            ['"heparin" is not found', "`chemicals` has it, but `drop:` keeps it out (heparin)"],
        ),
        (
            "some {iron}",
            "no",
            ['"iron" is not found', "`chemicals` has it, but `min_length:` keeps it out (5)"],
        ),
        (
            "some {morphines}",
            "no",
            ['"morphines" is not found', "`chemicals` has it only via plural"],
        ),
        ("some {nonsense}", "no", ['"nonsense" is not found', "`chemicals` has no such name"]),
        (
            "{valproic} acid",
            "no",
            ['"valproic" is not found', 'found instead: "valproic acid", which is longer',
             "`chemicals` has no such name"],
        ),
    ],
)  # fmt: skip
def test_why_a_name_is_not_found(tmp_path: Path, text: str, verdict: str, notes: list[str]) -> None:
    find = stand(tmp_path, NAMES).why("names", text).parts[0]
    assert (find.role, find.verdict, list(find.notes)) == ("find", verdict, notes)


PATTERNS = f"""{WORDS}
rule x for mentions
  votes: Disease
  find: "acid" ..1 keep("rain") | "acid" in abstract
  when: before span ends with "the"
"""


def test_patterns_that_match_elsewhere_or_longer(tmp_path: Path) -> None:
    here = stand(tmp_path, PATTERNS)
    found = here.why("x", "the {acid}", section=("abstract",))
    assert [part.verdict for part in found.parts] == ["yes", "yes"]
    assert found.vote == "Disease"
    title = here.why("x", "the {acid}", section=("title",)).parts[0]
    assert title.notes[-1] == "the pattern matches it, outside of `abstract`"
    stopped = here.why("x", "an {acid}", section=("abstract",))
    assert [(p.role, p.verdict) for p in stopped.parts] == [("find", "yes"), ("when", "no")]


def test_without_a_mark_what_is_found_is_told(tmp_path: Path) -> None:
    here = stand(tmp_path, NAMES)
    assert here.why("names", "morphine and codeine").parts[0].notes == (
        'finds "morphine", "codeine"',
    )
    assert here.why("names", "nothing").parts[0].notes == ("`chemicals`: not found",)


def test_spans_of_one_document_or_of_all(tmp_path: Path) -> None:
    rules = (
        f'{WORDS}rule x for mentions\n  votes: Disease\n  find: "pain"\n  unless: span has "pain"\n'
    )
    here = stand(tmp_path, rules)
    over = corpus("no pain", "pain")
    judged = ground(here.plan, over, given_mentions(over), NOTHING)
    teller = SpanExplainer(judged, here.program, here.files, 1)
    rule = rules_of(here.plan)["x"]
    assert teller.spans(rule) == [(2, 3)]
    assert teller.spans(rule, everywhere=True) == [(1, 2), (2, 3)]
