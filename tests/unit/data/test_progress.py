from biolabel.data.progress import silent


def test_silent_progress_gives_the_items() -> None:
    assert list(silent(range(3), name="steps", total=3)) == [0, 1, 2]
