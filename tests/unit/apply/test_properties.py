import pytest

from biolabel.apply.properties import FLAGS, is_word, shapes_of


@pytest.mark.parametrize(
    ("form", "shape"),
    [("Abc", "Xxx"), ("SR103800", "XXdddd"), ("5-HT", "d-XX"), ("ABCDEFG", "XXXX"), ("é", "x")],
)
def test_shapes(form: str, shape: str) -> None:
    assert shapes_of([form]) == [shape]


def test_shapes_of_many_words() -> None:
    assert shapes_of(["Aé", "aaaaa", "aaaa", "", "\u4e00_1", "______X"]) == [
        "Xx", "xxxx", "xxxx", "", "x_d", "____X",
    ]  # fmt: skip
    assert shapes_of([]) == []


@pytest.mark.parametrize(
    ("form", "flags"),
    [
        ("ABC", {"is_alpha", "is_upper"}),
        ("Abc", {"is_alpha", "is_title"}),
        ("12", {"is_digit", "like_num"}),
        ("1.5", {"like_num"}),
        ("Twelve", {"is_alpha", "is_title", "like_num"}),
        ("5HT", {"is_upper"}),
        ("(", {"is_punct"}),
        ("_x", {"is_lower"}),
    ],
)
def test_flags(form: str, flags: set[str]) -> None:
    others = {"is_ascii", "is_bracket", "is_currency", "is_stop"}
    assert {flag for flag, has in FLAGS.items() if has(form)} - others == flags
    assert is_word(form) is ("is_punct" not in flags)


@pytest.mark.parametrize(
    ("flag", "forms"),
    [
        ("is_stop", ["The", "whether", "YOURSELVES"]),
        ("is_bracket", ["(", "}"]),
        ("is_currency", ["$", "\u20ac"]),
        ("is_ascii", ["The", "whether", "YOURSELVES", "(", "}", "$", "dose"]),
    ],
)
def test_other_flags(flag: str, forms: list[str]) -> None:
    every = ["The", "whether", "YOURSELVES", "(", "}", "$", "\u20ac", "dose", "\u03b1"]
    assert list(filter(FLAGS[flag], every)) == forms
