"""The manual that editors show covers the language, and says nothing of what is not in it."""

from biolabel.lang.grammar import declaration_words, fields_of, reserved_words
from biolabel.lang.parse import parse_piece
from biolabel.lang.references import CONTEXTS
from biolabel.lsp import manual


def fields() -> set[tuple[str, str]]:
    return {(word, field) for word in declaration_words() for field in fields_of(word)}


def test_every_word_is_explained() -> None:
    assert [w for w in sorted(declaration_words()) if not manual.of_declaration(w)] == []
    assert [f for f in sorted(fields()) if not manual.of_field(*f)] == []
    words = reserved_words() | set(CONTEXTS)
    assert [w for w in sorted(words) if not manual.of_word(w)] == []


def test_nothing_else_is_explained() -> None:
    tables = manual.manual()
    assert set(tables["declarations"]) == declaration_words()
    assert set(tables["words"]) == reserved_words() | set(CONTEXTS)
    known = {f"{word}.{field}" for word, field in fields()} | {field for _, field in fields()}
    assert set(tables["fields"]) | set(tables["values"]) <= known


def test_values_are_those_that_the_builder_takes() -> None:
    first = {"relation": "relation x(x: x, y: x)", "condition": "condition x for x"}
    first |= {"defaults": "defaults for x", "rule": "rule x for x", "pipeline": "pipeline"}

    def codes(word: str, field: str, value: str) -> list[str]:
        text = f"{first.get(word, f'{word} x')}\n  {field}: {value}\n"
        return [d.code for d in parse_piece(text, "x", 0).diagnostics]

    checked = 0
    for word, field in fields():
        values = manual.values_of(word, field)
        if values:
            checked += 1
            assert codes(word, field, "nonsense") == ["BL012"], (word, field)
            assert [v for v in values if codes(word, field, v)] == [], (word, field)
        elif field not in ("from", "columns"):
            assert "BL012" not in codes(word, field, "nonsense"), (word, field)
    assert checked > 20
