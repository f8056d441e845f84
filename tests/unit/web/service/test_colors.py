from itertools import pairwise
from pathlib import Path

from biolabel.web.service.colors import colored

TEXT = """# a comment
rule causes for cid
  votes: causes
  when: sentence has {chemical} ..4 "caused" and distance < 5 words
"""


def test_words_have_their_kinds() -> None:
    found = {TEXT[word.start : word.end]: word.kind for word in colored(TEXT)}
    assert found["# a comment"] == "c"
    assert (found["rule"], found["causes"]) == ("k", "a")
    assert (found["votes"], found["when"]) == ("f", "f")
    assert (found["{chemical}"], found["caused"], found["5"]) == ("a", "s", "n")


def test_words_stand_in_order_and_apart() -> None:
    [path] = (Path(__file__).parents[3] / "data" / "tiny_task" / "rules").glob("*.rules")
    words = list(colored(path.read_text(encoding="utf-8")))
    assert all(one.end <= other.start for one, other in pairwise(words))
    assert all(word.start < word.end for word in words)
