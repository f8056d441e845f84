"""Circles and things that nobody uses."""

from collections.abc import Callable
from pathlib import Path

from biolabel.lang.load import load
from biolabel.lang.program import Checked

Check = Callable[[str], Checked]


def circles(result: Checked) -> list[str]:
    return [d.message for d in result.diagnostics if d.code == "BL107"]


def test_every_circle_is_found(checked: Check) -> None:
    rules = "".join(
        f"rule {name} for cid\n  votes: causes\n  when: {other} fires\n"
        for name, other in zip("abcdef", "bcaeda", strict=True)
    )
    assert circles(checked(rules)) == [
        "these refer to each other: a -> b -> c -> a",
        "these refer to each other: d -> e -> d",
    ]


def test_lists_patterns_and_conditions_in_circles(checked: Check) -> None:
    assert circles(
        checked(
            "list l\n  include: l\npattern p\n  is: q\npattern q\n  is: p\n"
            "condition c for cid\n  is: d\ncondition d for cid\n  is: not c\n"
        )
    ) == [
        "list `l` refers to itself",
        "these refer to each other: p -> q -> p",
        "these refer to each other: c -> d -> c",
    ]


def test_tasks_ask_earlier_tasks_only(checked: Check) -> None:
    first = "rule a for cid\n  votes: causes\n  when: any topic voted adverse\n"
    assert circles(checked(first)) == []
    second = "rule b for topic\n  votes: other\n  when: any cid voted causes\n"
    assert circles(checked(first + second)) == ["these refer to each other: cid -> topic -> cid"]
    own = "rule b for topic\n  votes: other\n  when: any topic voted adverse\n"
    assert circles(checked(own)) == ["document task `topic` refers to itself"]
    entity = 'rule b for mentions\n  votes: none\n  find: "x"\n  when: any cid voted causes\n'
    assert circles(checked(entity)) == ["these refer to each other: cid -> mentions -> cid"]


def test_unused_declarations_of_the_main_file(tmp_path: Path) -> None:
    (tmp_path / "lib.rules").write_text("biolabel 1\nlist far\n  words: x\n")
    main = tmp_path / "main.rules"
    unused = (
        'biolabel 1\nimport "lib.rules"\nlist a\n  words: x\npattern b\n  is: "x"\n'
        'context c\n  cues_before: "x"\n'
    )
    main.write_text(unused)
    assert load(main).diagnostics == ()  # a library: its users are elsewhere
    main.write_text(
        unused
        + "document d\n  labels: x, y\ncondition e for d\n  is: title has f\nlist f\n  words: x\n"
        'rule r for d\n  votes: x\n  when: title has "x"\n  matches: "x"\n'
    )
    names = [d.message.split("`")[1] for d in load(main).diagnostics]
    assert names == ["a", "b", "c", "e"]


def test_names_in_lost_text_may_be_used_there(checked: Check) -> None:
    result = checked(
        "list a\n  words: x\nlist b\n  words: x\n"
        "rule r for topic\n  votes: other\n  when: (title has a\n"
    )
    assert [d.code for d in result.diagnostics] == ["BL106", "BL005"]
