"""What an editor shows of a word."""

from collections.abc import Callable, Mapping
from pathlib import Path

from biolabel.lsp.describe import Known, describe
from biolabel.lsp.names import Names
from biolabel.lsp.results import latest_results

Make = Callable[[Mapping[str, str]], Names]
ADVICE = "run `biolabel analyze mine`"
TEXT = """biolabel 1

document topic
  labels: bad, good, other

list harm_words
  note: "Words of harm."
  words: cause~, side effect~, harm

rule harm for topic
  votes: bad
  when: document has harm_words | "caused harm"

rule new for topic
  votes: good
  when: not harm fires
"""


def shown(names: Make, mark: str, known: Known | None = None, after: int = 0) -> str:
    found = names({"main.rules": TEXT})
    source = next(iter(found.units.values())).source
    return describe(source, TEXT.index(mark) + after, found, known or Known(None, ADVICE))


def known(workspace: Path, *, current: bool = True) -> Known:
    return Known(latest_results(workspace), ADVICE, current)


def test_a_rule_with_results(names: Make, workspace: Path) -> None:
    text = shown(names, "harm for", known(workspace))
    assert text.startswith("**rule** `harm` for `topic`")
    assert "votes: bad 1, not bad 1 (coverage 66.67% of 3 candidates)" in text
    assert "precision on dev: 0.75 (3 of 4 votes)" in text
    assert "- Heparin **caused harm**. (0)" in text
    assert ADVICE not in text
    assert "rules have changed" in shown(names, "harm for", known(workspace, current=False))


def test_a_rule_without_results(names: Make, workspace: Path) -> None:
    assert f"No votes yet: {ADVICE}" in shown(names, "harm for")
    assert f"No votes yet: {ADVICE}" in shown(names, "new for", known(workspace))


def test_a_name_where_it_is_used(names: Make) -> None:
    text = shown(names, 'harm_words | "')
    assert text.startswith("**list** `harm_words`\n\nWords of harm.")
    assert "words: cause~, side effect~, harm\n```" in text
    assert shown(names, "bad, good") == "**label** `bad` of the document task `topic`"


def test_words_of_lists_and_patterns(names: Make, workspace: Path) -> None:
    text = shown(names, "cause~", known(workspace))
    assert "`cause~` occurs 3 times in the corpus" in text
    assert "`cause~`: caused 2, causes 1" in text
    text = shown(names, "effect~", known(workspace))
    assert "`side effect~` occurs 2 times" in text
    assert "`effect~`: " in text
    assert "`caused harm` occurs 2 times" in shown(names, '"caused harm"', known(workspace))
    assert ADVICE in shown(names, "cause~")


def test_words_of_the_language(names: Make) -> None:
    assert shown(names, "list harm").startswith("**`list`**")
    assert shown(names, "note:").startswith("**`note:`** Free text")
    assert shown(names, "has harm").startswith("**`has`**")
    assert shown(names, "fires").startswith("**`fires`**")
    assert shown(names, '"Words of', after=2) == ""
    assert shown(names, "\n\nlist", after=1) == ""
