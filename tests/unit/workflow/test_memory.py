from biolabel.workflow.memory import Memory


def test_a_value_is_made_once_a_run_and_kept_for_the_next() -> None:
    made: list[str] = []
    memory = Memory()

    def make(name: str) -> str:
        made.append(name)
        return name.upper()

    for _ in range(3):
        memory.begin()
        assert [memory.get("a", lambda: make("a")) for _ in range(2)] == ["A", "A"]
    assert made == ["a"]


def test_what_a_run_does_not_ask_for_is_forgotten_after_it() -> None:
    memory = Memory()
    assert memory.get("a", lambda: 1) == 1
    memory.begin()
    assert memory.get("b", lambda: 2) == 2
    memory.begin()
    assert memory.get("a", lambda: 3) == 3
    assert memory.get("b", lambda: 4) == 2


def test_no_value_is_a_value_too() -> None:
    memory = Memory()
    assert memory.get("a", lambda: None) is None
    assert memory.get("a", lambda: 1) is None


def test_what_two_runs_had_is_known() -> None:
    memory = Memory()
    memory.get("a", lambda: 1)
    memory.begin()
    assert "a" in memory
    memory.begin()
    assert "a" not in memory
