"""Any input gives findings: no exception, no hang, and time that grows with the text alone."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from biolabel.errors.fixes import fixed
from biolabel.errors.render import render_all, to_json
from biolabel.errors.sarif import to_sarif
from biolabel.lang.explain import PREAMBLE
from biolabel.lang.load import load_all
from biolabel.lang.program import Checked

RULE = PREAMBLE + "rule r for cid\n  votes: causes\n  when: {}\n"
QUICK = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
WORDS = str.split(
    "sentence has not and or ( ) [ ] { } /a+/ /(a|b)*/ | .. ..3 * + ? {2,3} exact keep use p q r adjacent"
    ' chemical disease is in pair at least most 2 of , none any count distance < = 3 words "x" "x* y~"'
    " {chemical} {disease} path like <nsubj >dobj fires votes causes model says python before within"
)


def shown(checked: Checked) -> Checked:
    """Return what was checked after showing it in every form."""
    render_all(checked.diagnostics, checked.files)
    json.loads(to_json(checked.diagnostics, checked.files))
    json.loads(to_sarif(checked.diagnostics, checked.files))
    return checked


def check(text: str) -> Checked:
    return shown(load_all([Path("x.rules")], {str(Path("x.rules").resolve()): text}))


def codes(text: str) -> set[str]:
    return {found.code for found in check(text).diagnostics}


@QUICK
@given(data=st.binary(max_size=300))
@example(data=b"\xff\xfe")
@example(data=b"\xef\xbb\xbfbiolabel 1\r\rlist a\n  words: \0\r\n")
def test_bytes(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.rules"
    path.write_bytes(data)
    checked = shown(load_all([path]))
    assert (checked.program is None) == any(d.severity == "error" for d in checked.diagnostics)


@QUICK
@given(text=st.text(max_size=200))
def test_text_in_a_condition(text: str) -> None:
    check(RULE.format(text))


@QUICK
@given(words=st.lists(st.sampled_from(WORDS), max_size=30))
def test_words_of_the_language_in_any_order(words: list[str]) -> None:
    checked = check(RULE.format(" ".join(words)))
    edits = [found.fix for found in checked.diagnostics if found.fix is not None]
    (source,) = checked.files.values()
    check(fixed(source.text, edits)[0])


@pytest.mark.parametrize(
    ("when", "code"),
    [
        ("(" * 1000 + "adjacent" + ")" * 1000, "BL014"),
        ("not " * 1000 + "adjacent", "BL014"),
        ("sentence has [" + "!" * 1000 + "is_upper]", "BL014"),
        ("sentence has /" + "(" * 1000 + "a" + ")" * 1000 + "/", "BL014"),
        ("sentence has /(a+)+$/", "BL314"),
        ("sentence has /" + "(" * 30 + "a" + ")*" * 30 + "/", "BL314"),
        ("sentence has /a{99999999999}/", "BL301"),
        ('sentence has "' + "x" * 1_000_000, "BL004"),
        ("\0" * 1000, "BL003"),
        ("a" * 100_000, "BL101"),
    ],
    ids=range(10),
)
def test_hostile_conditions(when: str, code: str) -> None:
    assert code in codes(RULE.format(when))


def test_time_grows_with_the_text() -> None:
    def seconds(lines: int) -> float:
        text = PREAMBLE + "\n".join(
            f'rule r{i} for cid\n  votes: causes\n  when: r{i + 1} fires or sentence has "x" y\n'
            for i in range(lines // 4)
        )
        start = time.process_time()
        check(text)
        return time.process_time() - start

    seconds(200)
    short, long = seconds(500), seconds(4000)
    assert long < 8 * 3 * short


def test_files_in_a_circle_of_links(tmp_path: Path) -> None:
    (tmp_path / "a.rules").symlink_to(tmp_path / "b.rules")
    (tmp_path / "b.rules").symlink_to(tmp_path / "a.rules")
    (tmp_path / "here").symlink_to(tmp_path)
    main = tmp_path / "main.rules"
    main.write_text('biolabel 1\nimport "a.rules"\nimport "here/here/main.rules"\n')
    found = shown(load_all([main])).diagnostics
    assert [each.code for each in found] == ["BL108", "BL112"]


def test_mixed_line_ends() -> None:
    text = RULE.format("adjacent") + '  matches: "{chemical: a} {disease: b}"\n'
    lines = text.split("\n")
    mixed = "".join(line + "\r\n\n\r"[i % 3 : i % 3 + 2] for i, line in enumerate(lines))
    assert codes("\ufeff" + mixed) == set()
