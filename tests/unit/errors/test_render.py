"""How findings and errors look."""

import json

from biolabel.errors import BiolabelError, CorpusError, Diagnostic, SourceFile, Span
from biolabel.errors.render import render, render_all, render_error, to_json

TEXT = "biolabel 1\n\trule x\n  when: 腎 \x1b[31mred\n"
FILES = {"a.rules": SourceFile("a.rules", TEXT)}


def at(part: str) -> Span:
    start = TEXT.index(part)
    return Span("a.rules", start, start + len(part))


def finding(span: Span, **more: object) -> Diagnostic:
    return Diagnostic("BL007", "error", "what was found", span, **more)  # type: ignore[arg-type]


def test_place_line_carets_hint_and_related() -> None:
    related = ((at("biolabel"), "first defined here"),)
    assert render(finding(at("x"), hint="what to do", related=related), FILES) == "\n".join(
        [
            "error[BL007]: what was found",
            "  --> a.rules:2:7",
            "  |",
            "2 | \trule x",
            "  | \t     ^",
            "  = hint: what to do",
            "  = note: first defined here",
            "  --> a.rules:1:1",
            "  |",
            "1 | biolabel 1",
            "  | ^^^^^^^^",
        ]
    )


def test_wide_signs_take_two_columns() -> None:
    *lines, _ = render(finding(at("腎")), FILES).splitlines()
    assert lines[-1] == "  |         ^^"
    *lines, _ = render(finding(at("red")), FILES).splitlines()
    assert lines[-1].index("^") == len("3 |   when: ") + 3 + len("?[31m")


def test_control_characters_do_not_reach_the_terminal() -> None:
    shown = render(Diagnostic("BL006", "error", "`\x1b` is bad\x07", at("red")), FILES)
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "\N{REPLACEMENT CHARACTER}[31mred" in shown


def test_span_over_lines_is_underlined_to_the_end_of_the_first() -> None:
    *_, line, carets, _ = render(finding(Span("a.rules", 0, len(TEXT))), FILES).splitlines()
    assert (line, carets) == ("1 | biolabel 1", "  | ^^^^^^^^^^")


def test_empty_span_has_one_caret_and_unknown_file_none() -> None:
    def before_the_hint(span: Span, files: dict[str, SourceFile]) -> str:
        return render(finding(span), files).splitlines()[-2]

    assert before_the_hint(Span("a.rules", 0, 0), FILES) == "  | ^"
    assert before_the_hint(Span("gone", 3, 4), FILES) == "  --> gone"
    assert before_the_hint(Span("e", 0, 0), {"e": SourceFile("e", "")}) == "  --> e:1:1"


def test_summary_counts_each_kind() -> None:
    error = finding(at("x"))
    note = Diagnostic("BL507", "note", "no example", at("x"))
    assert render_all([error, error, note], FILES).endswith("\n\n2 errors, 1 note")
    assert render_all([], FILES) == "nothing found"


def test_errors_without_a_place() -> None:
    error = CorpusError("BL601", "no such file: x", hint="look there")
    assert render_error(error) == "error[BL601]: no such file: x\n  = hint: look there"
    assert render_error(BiolabelError("BL601", "gone")) == (
        "error[BL601]: gone\n  = hint: check the path and the right to read it; paths are relative to"
        " the current folder"
    )


def test_json_has_lines_columns_and_offsets() -> None:
    related = ((at("biolabel"), "first"),)
    (row,) = json.loads(to_json([finding(at("x"), related=related)], FILES))
    assert row["code"] == "BL007"
    assert row["place"] == {
        "file": "a.rules",
        "start": {"line": 2, "column": 7, "offset": 17},
        "end": {"line": 2, "column": 8, "offset": 18},
    }
    assert row["related"][0]["place"]["start"]["line"] == 1
    assert json.loads(to_json([finding(Span("gone", 3, 4))], FILES))[0]["place"] == {"file": "gone"}


def test_very_long_lines_are_shown_around_the_place() -> None:
    text = "a" * 10_000 + "HERE" + "b" * 1_000_000
    lines = render(finding(Span("l", 10_000, 10_004)), {"l": SourceFile("l", text)}).splitlines()
    assert lines[1] == "  --> l:1:10001"
    assert len(lines[3]) < 500
    at = lines[3].index("HERE")
    assert lines[4][at : at + 5] == "^^^^"
