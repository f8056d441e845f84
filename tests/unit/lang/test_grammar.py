"""The grammar is unambiguous, and the words read off it are those of the language."""

from biolabel.lang.grammar import (
    declaration_words,
    description,
    field_words,
    fields_of,
    parser,
    reserved_words,
)

RESERVED = """
abstract adjacent after and another any around as at before between both by closer count different
distance document ends every evidence exact exactly fires for found from has in is keep least like
meta model most no none not of one only or pair path path_length python same says score section
sentence sentences_apart shared_sentences starts title to type under use via voted votes ways when
with within
"""


def test_no_terminals_collide() -> None:
    assert parser(strict=True) is not parser()


def test_reserved_words_are_those_of_the_language() -> None:
    assert reserved_words() == set(RESERVED.split())


def test_declarations_and_their_fields() -> None:
    assert {"biolabel", "import", "rule", "kb", "defaults"} <= declaration_words()
    assert len(declaration_words()) == 18
    assert "votes" in fields_of("rule")
    assert "votes" not in fields_of("list")
    assert fields_of("import") == ()
    assert field_words()["F_ABBREV"] == "abbreviations"


def test_every_field_belongs_to_a_declaration() -> None:
    accepted = {field for word in declaration_words() for field in fields_of(word)}
    assert accepted == set(field_words().values())


def test_terminals_are_named_as_typed() -> None:
    assert description("NAME") == "a name"
    assert description("STARTS") == "`starts`"
