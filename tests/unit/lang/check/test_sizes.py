"""What names stand for must be small enough to be written out."""

from collections.abc import Callable

Findings = Callable[[str], list[tuple[str, str]]]


def patterns(last: int, body: str) -> str:
    lines = [f"pattern p{i}\n  is: {body.replace('p', f'p{i + 1}')}\n" for i in range(last)]
    return "".join(lines) + f'pattern p{last}\n  is: "x"\n'


def test_doubling_is_said_once(findings: Findings) -> None:
    (only,) = findings(patterns(45, "p p"))
    assert only[0] == "BL313"
    assert findings(patterns(12, "p p")) == []


def test_lists_and_conditions_double_too(findings: Findings) -> None:
    lists = [f"list l{i}\n  include: l{i + 1}, l{i + 1}\n" for i in range(40)]
    found = findings("".join(lists) + "list l40\n  words: x\n")
    assert [code for code, _ in found] == ["BL313"]
    conditions = [f"condition c{i} for cid\n  is: c{i + 1} or not c{i + 1}\n" for i in range(40)]
    found = findings("".join(conditions) + "condition c40 for cid\n  is: adjacent\n")
    assert [code for code, _ in found] == ["BL313"]


def test_long_chains_are_too_deep(findings: Findings) -> None:
    assert findings(patterns(49, "p")) == []
    assert findings(patterns(3000, "p")) == [("BL014", "p2950")]
