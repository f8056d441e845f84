from pathlib import Path

import pytest

from biolabel.lang.load import load

RULES = """biolabel 1
pipeline # how
  note: "x"
  {}   # so
entity e
  labels: A
list l
  words: a
rule x for e
  votes: A
  find: l
  matches: "{{a}}"
"""


def check(folder: Path, setting: str) -> list[tuple[str, str, str, str]]:
    """Return code, message, marked text and hint of what is said of a setting."""
    path = folder / "x.rules"
    path.write_text(RULES.format(setting), encoding="utf-8")
    return [
        (d.code, d.message, path.read_text()[d.span.start : d.span.end], d.hint)
        for d in load(path).diagnostics
    ]


@pytest.mark.parametrize(
    "setting",
    [
        "tokens: scispacy", "tokens: blank", 'tokens: spacy "en_x"', "sentences: naive",
        'sentences: spacy "en_x"', "tagger: off", 'tagger: spacy "en_x"', 'parser: spacy "en_x"',
        "abbreviations: off", "abbreviations: on", "sections: given", "sections: pubmed",
    ],
)  # fmt: skip
def test_good_settings(tmp_path: Path, setting: str) -> None:
    assert check(tmp_path, setting) == []


@pytest.mark.parametrize(
    ("setting", "hint"),
    [
        ("tokens: scispacey", "did you mean `scispacy`?"),
        ("tokens: nltk", 'values: scispacy, blank, spacy "NAME"'),
        ('tagger: "en_x"', 'write spacy "en_x"'),
        ("parser: en_x", 'write spacy "en_x"'),
        ('parser: spaci "en_x"', "did you mean `spacy`?"),
        ("sentences: spacy", 'name the pipeline: spacy "NAME"'),
        ("tagger: on", 'values: off, spacy "NAME"'),
        ("abbreviations: maybe", "values: on, off"),
        ('sections: spacy "x"', "values: given, pubmed"),
    ],
)
def test_bad_settings(tmp_path: Path, setting: str, hint: str) -> None:
    field, value = setting.split(": ")
    shown = value.replace('"', "")
    assert check(tmp_path, setting) == [
        ("BL012", f"`{field}:` does not take `{shown}`", value, hint)
    ]
