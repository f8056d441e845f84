"""What names stand for."""

from collections.abc import Callable, Mapping

from biolabel.lsp.names import Names, Symbol

Make = Callable[[Mapping[str, str]], Names]
MAIN = """biolabel 1
import "other.rules" as ns only words, ctx
import "plain.rules"

kb k
  from: tsv "x.tsv"
  pairs: Chemical -> Disease

entity mentions
  labels: Chemical, Disease

relation r(chemical: Chemical, disease: Disease)
  labels: causes, treats

pattern p(x, y)
  is: x ns.words y Chemical

rule a for r
  votes: causes
  when: sentence has use p("a", plain) and pair in k.sub and disease is ns.ctx
  matches: "{chemical: A} {disease=X:1: b} => x" => causes

rule b for r
  votes: treats
  when: a votes causes and another Chemical closer to disease
"""
OTHER = 'biolabel 1\nlist words\n  words: x\n\ncontext ctx\n  cues_before: "no"\n'
PLAIN = "biolabel 1\nlist plain\n  words: x\n"
FILES = {"main.rules": MAIN, "other.rules": OTHER, "plain.rules": PLAIN}


def places(found: Names, kind: str, name: str) -> list[tuple[str, bool]]:
    """Return the texts before the occurrences of a symbol, and whether they define it."""
    shown = []
    for occurrence in found.occurrences:
        if (occurrence.symbol.kind, occurrence.symbol.name) == (kind, name):
            text = found.units[occurrence.span.file].source.text
            span = occurrence.span
            assert text[span.start : span.end] == name
            shown.append((text[: span.start].split()[-1], occurrence.defines))
    return shown


def test_declarations_across_files_and_name_spaces(names: Make) -> None:
    found = names(FILES)
    assert places(found, "declaration", "words") == [
        ("only", False),
        ("ns.", False),
        ("list", True),
    ]
    assert [defines for _, defines in places(found, "declaration", "ctx")] == [False, False, True]
    assert places(found, "declaration", "plain") == [('p("a",', False), ("list", True)]
    assert places(found, "declaration", "k") == [("kb", True), ("in", False)]
    assert places(found, "declaration", "p") == [("pattern", True), ("use", False)]


def test_labels_types_arguments_and_parameters(names: Make) -> None:
    found = names(FILES)
    assert len(places(found, "label", "causes")) == 4
    assert len(places(found, "type", "Chemical")) == 5
    assert places(found, "type", "Disease")[1] == ("Chemical,", True)
    assert len(places(found, "argument", "chemical")) == 2
    assert len(places(found, "argument", "disease")) == 4
    assert places(found, "parameter", "x") == [("p(", True), ("is:", False)]


def test_a_place_has_its_symbol(names: Make) -> None:
    found = names(FILES)
    path = next(path for path in found.units if path.endswith("main.rules"))
    at = found.at(path, MAIN.index("causes, treats") + 6)
    assert at is not None
    assert (at.symbol.kind, at.symbol.name, at.defines) == ("label", "causes", True)
    assert found.at(path, 0) is None
    assert found.of(Symbol("type", "Nothing", None)) == ()


def test_what_cannot_be_resolved_is_left_out(names: Make) -> None:
    found = names({"main.rules": "biolabel 1\nrule a for t\n  votes: x\n  when: nothing\n"})
    assert [o.symbol.name for o in found.occurrences] == ["a"]
