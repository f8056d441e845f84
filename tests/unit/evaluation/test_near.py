from pathlib import Path

import pytest

from tests.unit.evaluation.stand import ABOUT, PAIRS, stand

H = "{chemical: Heparin}"
P = "{disease: pain}"


@pytest.mark.parametrize(
    ("pattern", "text", "notes", "hint"),
    [
        (
            "{chemical} ..2 verbs ..1 {disease}",
            f"{H} may cause quite severe {P}",
            ['`{chemical} ..2 verbs` -> "Heparin may cause"',
             'stops at `{disease}`: found "pain", but 2 words behind, and the gap holds 1'],
            "widen ..1 to ..2",
        ),
        (
            "{chemical} ..4 verbs",
            f"causes of {P} {H}",
            ['`{chemical}` -> "Heparin"', 'stops at `verbs`: found "causes", but before it'],
            "",
        ),
        (
            "{chemical} verbs",
            f"{H}, causing {P}",
            ['`{chemical}` -> "Heparin"',
             'stops at `verbs`: found "causing", but "," stands between'],
            "a gap such as ..1 reaches over signs",
        ),
        (
            "{chemical} verbs",
            f"{H} often causes {P}",
            ['`{chemical}` -> "Heparin"',
             'stops at `verbs`: found "causes", but 1 word behind: "often"'],
            "put ..1 between them",
        ),
        (
            "{chemical} ..3-5 {disease}",
            f"{H} for {P}",
            ['`{chemical}` -> "Heparin"',
             'stops at `{disease}`: found "pain", 1 word behind, but the gap begins at 3'],
            "write ..1-5",
        ),
        ('"aspirin" {disease}', f"{H} {P}", ['stops at `"aspirin"`: not found'], ""),
        ('exact "NO"', f"{H} no {P}", ['`exact "NO"`: found "no", but in other capitals'],
         'without `exact`, a "text" matches in any case'),
        ('"x" | "y" | "z"', f"{H} {P}", ["none of the 3 alternatives is there"], ""),
        (
            '"x" | {chemical} "y" | "z"',
            f"{H} {P}",
            ['nearest of 3 alternatives: `{chemical} "y"`', '`{chemical}` -> "Heparin"',
             'stops at `"y"`: not found'],
            "",
        ),
        ("{disease} verbs", f"{H} causes. Then {P}", ['`{disease}` -> "pain"',
         'stops at `verbs`: found "causes", but before it'], ""),
    ],
)  # fmt: skip
def test_what_stopped_a_pattern(
    tmp_path: Path, pattern: str, text: str, notes: list[str], hint: str
) -> None:
    rules = f"{PAIRS}rule x for cid\n  votes: causes\n  when: document has {pattern}\n"
    (part,) = stand(tmp_path, rules).why("x", text).parts
    assert part.verdict == "no"
    assert (list(part.notes), part.hint) == (notes, hint)


def test_a_named_pattern_is_looked_into(tmp_path: Path) -> None:
    rules = f"""{PAIRS}
pattern inner
  is: {{chemical}} ..1 verbs
rule x for cid
  votes: causes
  when: sentence has inner
"""
    (part,) = stand(tmp_path, rules).why("x", f"{H} it is that causes {P}").parts
    assert part.notes[0] == "`inner`:"
    assert part.hint == "widen ..1 to ..3"


def test_what_stands_outside_of_the_region_is_said(tmp_path: Path) -> None:
    rules = f"{PAIRS}rule x for cid\n  votes: causes\n  when: between has verbs\n"
    (part,) = stand(tmp_path, rules).why("x", f"{H} and {P} are causes").parts
    assert part.notes == ('there stands "and"', '`verbs`: found "causes", but not here')


def test_another_sentence_is_too_far(tmp_path: Path) -> None:
    rules = f'{ABOUT}rule x for topic\n  votes: harm\n  when: document has "a" .. "b"\n'
    (part,) = stand(tmp_path, rules).why("x", "An a. The b").parts
    assert part.notes[-1] == 'stops at `"b"`: found "b", but in another sentence'


def test_long_texts_are_shortened_and_few_are_quoted(tmp_path: Path) -> None:
    rules = f'{ABOUT}rule x for topic\n  votes: harm\n  when: document has at least 9 "a*"\n'
    (part,) = stand(tmp_path, rules).why("x", f"a ab abc abcd {'a' * 80}").parts
    assert part.notes == ('there are 5: "a", "ab", "abc" and 2 more',)
    whole = f'{ABOUT}rule x for topic\n  votes: harm\n  when: document has "a*" "zz"\n'
    (part,) = stand(tmp_path, whole).why("x", "a" * 80).parts
    assert part.notes[0] == f'`"a*"` -> "{"a" * 30} ... {"a" * 30}"'
