"""Patterns as a whole."""

from collections.abc import Callable
from pathlib import Path

import pytest

from biolabel.lang.load import load

Find = Callable[[str], list[tuple[str, str]]]
BESIDE = (
    "list words_a\n  words: x, y\n"
    "pattern code\n  is: /[A-Z]+/ | deeper\npattern deeper\n  is: /b/\n"
    'pattern with_drug\n  is: {drug} "x"\npattern outer\n  is: with_drug "y" words_a\n'
    'pattern m(a, b)\n  is: a "by" b\n'
    "rule uses for cid\n  votes: causes\n"
    "  when: title has code and title has use m(words_a, words_a)\n"
)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("words_a ..3 Chemical", []),
        ('{chemical} "x"? ..2-3 {disease}', []),
        ("code | /c/", []),
        ('"x" code', [("BL302", "code")]),
        ("/x/ /y/", [("BL302", "/x/"), ("BL302", "/y/")]),
        ("/x/+", [("BL302", "/x/")]),
        ('("x" | /y/) "z"', [("BL302", "/y/")]),
        ('use m(/x/, "y")', [("BL302", "/x/")]),
        ('"x"?', [("BL303", '"x"?')]),
        ('"x" | "y"*', [("BL303", '"x" | "y"*')]),
        ("..3", [("BL303", "..3")]),
        ("..2-3", []),
        ('"x"? "y"', []),
        ('.. "y"', [("BL311", "..")]),
        ('"x" ..1-2', []),
        ('"x" | "y" ..', [("BL311", "..")]),
        ("outer", [("BL105", "outer")]),
        ("m", [("BL212", "m")]),
        ('use m("x")', [("BL212", 'use m("x")')]),
        ('use words_a("x")', [("BL103", "words_a")]),
        ('use code("x")', [("BL212", 'use code("x")')]),
        ('"x" keep("y")', [("BL208", 'keep("y")')]),
    ],
)
def test_patterns_in_conditions(
    findings: Find, pattern: str, expected: list[tuple[str, str]]
) -> None:
    used = "rule also for cid\n  votes: causes\n  when: any_way\ncondition any_way for cid\n  is: "
    text = f"{BESIDE}{used}sentence has {pattern}\n"
    found = [(code, under) for code, under in findings(text) if code != "BL106"]
    assert found == expected


def test_arguments_and_keep_in_find(findings: Find) -> None:
    rule = "rule r for mentions\n  votes: Disease\n  find: "
    assert findings(f'{rule}"caused by" keep("x" "y")\n') == []
    assert findings(f'{rule}keep("x" keep("y"))\n') == [("BL208", 'keep("x" keep("y"))')]
    assert findings(f'{rule}{{span}} "x"\n') == [("BL105", "{span}")]


def test_cues_have_no_arguments(findings: Find) -> None:
    assert findings('context c\n  cues_before: "no" {disease}\n') == [("BL105", "{disease}")]


def test_libraries_leave_pipeline_and_types_to_their_user(tmp_path: Path) -> None:
    library = tmp_path / "lib.rules"
    library.write_text("biolabel 1\npattern p\n  is: [pos=ADJ] [ent=Disease]\n")
    assert load(library).diagnostics == ()
    main = tmp_path / "main.rules"
    main.write_text(
        'biolabel 1\nimport "lib.rules"\nentity m\n  labels: Gene\n'
        'rule r for m\n  votes: Gene\n  find: p\n  matches: "{x}"\n'
    )
    assert [(d.code, Path(d.span.file).name) for d in load(main).diagnostics] == [
        ("BL404", "lib.rules"),
        ("BL114", "lib.rules"),
    ]
