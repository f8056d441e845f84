from biolabel.data.concepts import Ranked, Reading, best_of


def test_the_best_of_each_reading_once() -> None:
    likely, doubtful = Ranked("X:1", 0.9, "a", ()), Ranked("X:2", 0.4, "b", ())
    readings = (
        Reading("a", (likely, doubtful)), Reading("b", (doubtful,)), Reading("c"), Reading("a", (likely,)),
    )  # fmt: skip
    assert best_of(readings) == ("X:1", "X:2")
    assert best_of(readings, 0.5) == ("X:1",)
    assert best_of((Reading("c"),)) == ()
