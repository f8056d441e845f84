"""What the page of comparisons says of figures holds of the figures, sentence by sentence."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "comparison.md").read_text(encoding="utf-8")
MEASURED = (
    "Label models on planted votes", "Label models on real votes", "Speed and memory",
)  # fmt: skip
"""The sections whose sentences are about figures."""
RIVALS = (
    "snorkel",
    "metal",
    "skweak",
    "dawid_skene",
    "hyperlm",
    "snorkel, balance",
    "metal, balance",
)
COPIES = ("near-copies", "loose copies", "near-copies of rare rules", "loose copies of rare rules")
PLANTED = PAGE.partition("<!-- chosen:planted -->\n")[2].partition("\n\n")[0].splitlines()[2:]
"""The rows of the table of planted votes."""
_SIZE = "100,000 rows x 100 functions, 2 labels"


def figures(file: str) -> Mapping[tuple[str, str], float]:
    """Return the figures of a results file by name and unit."""
    path = ROOT / "benchmarks" / "results" / f"{file}.json"
    rows = json.loads(path.read_text(encoding="utf-8"))["rows"]
    return {(row["name"], row["unit"].partition(" ±")[0]): row["value"] for row in rows}


EACH, SMALL = figures("label_model_each"), figures("label_model")
SPEED, MATCHING = figures("applier"), figures("engine")


def of(votes: str, method: str = "biolabel", unit: str = "macro-F1") -> float:
    """Return a figure of a method on votes."""
    return EACH[f"{votes}: {method}", unit]


def best(votes: str, unit: str = "macro-F1") -> float:
    """Return the best figure of the rivals that are label models."""
    return max(of(votes, method, unit) for method in RIVALS)


def even() -> bool:
    votes = "two-sided 50 %"
    equal = [of(votes, method) for method in ("snorkel", "metal", "skweak", "dawid_skene")]
    told = [of(votes, f"{method}, balance") for method in ("snorkel", "metal")]
    ours = of(votes)
    same = max(abs(ours - each) for each in equal) < 0.001
    return (
        same and of(votes, "hyperlm") < ours - 0.01 and all(ours < x < ours + 0.002 for x in told)
    )


def majority_first(votes: str) -> bool:
    return of(votes, "majority vote") > max(of(votes), best(votes))


def small_and_rare(votes: str) -> bool:
    name = f"{votes}, 1,000 rows"
    (other,) = (v for (row, _), v in SMALL.items() if row.startswith(f"{name}: best other"))
    return SMALL[f"{name}: biolabel", "macro-F1"] < other


def lifted() -> bool:
    votes = "31 functions, lifted"
    return all(
        of(votes, method, "AP") > of(votes, unit="AP")
        and of(votes, method, "ECE") > of(votes, unit="ECE")
        for method in ("snorkel", "metal")
    )


CLAIMS: Mapping[str, Callable[[], bool]] = {
    "14 sets of 10,000 rows, macro-F1, mean of five seeds.": lambda: len(PLANTED) == 14,
    "all label models but `hyperlm` are equal, and Snorkel and MeTaL are a hair ahead if told": even,
    "(`one-sided 5 %`, `rare rules`): the majority vote is the best of all, ahead of biolabel too.": (
        lambda: majority_first("one-sided 5 %") and majority_first("rare rules")
    ),
    "here it pays.": lambda: all(of(votes) > best(votes) for votes in COPIES),
    "No rival gets over the majority vote, because": lambda: all(
        best(votes) <= of(votes, "majority vote") for votes in (*COPIES, "declared copies")
    ),
    "sets of 1,000 rows, where others are ahead of us on rare rules and their copies": lambda: all(
        map(small_and_rare, ("rare rules", *COPIES[2:]))
    ),
    "this favors us.": lambda: of("cdr cid", unit="F1") > best("cdr cid", "F1"),
    "On the names of diseases the majority vote is better than our label model, and the hyper": lambda: (
        all(
            of("ncbi_disease mentions", method, "F1") > of("ncbi_disease mentions", unit="F1")
            for method in ("majority vote", "hyperlm")
        )
    ),
    "on their votes as they are skweak is a little ahead.": lambda: (
        0 < of("31 functions", "skweak", "F1") - of("31 functions", unit="F1") < 0.01
    ),
    "Snorkel and MeTaL rank the lifted votes better than we do, with probabilities that are": lifted,
    "The smaller the input, the less is won; and there are regular expressions that `re` runs": lambda: (
        SPEED["times as fast as LFApplier, 5,432 candidates", "x"]
        < SPEED["times as fast as LFApplier, 200,984 candidates", "x"]
        and MATCHING["times as fast as `re`: the slowest of the expressions", "x"] < 1
    ),
    "The denser the votes, the less is won.": lambda: all(
        EACH[f"{_SIZE}, 30%: {what}", unit] > 0
        and (EACH[f"{_SIZE}, 5%: {what}", unit] < EACH[f"{_SIZE}, 30%: {what}", unit]) is less
        for what, unit, less in (("times as fast", "x", False), ("share of its memory", "", True))
    ),
}
"""What a sentence says, and whether the results say so."""
BARE = (
    "Where votes are drawn from known numbers", "Each rival as it comes;",
    "`hyperlm` is the pre-trained hyper label model of Wu et al. 2023.",
    "Read the rows, not only the first column:", "For such votes use what you have.",
    "Planted votes are drawn from the kind", "FlyingSquid is not on the package index",
    "Our `triplets` is its idea", "Of what is called 80 % sure, 80 % should be right.",
    "Mean gap between both", "The votes of our relation rules on BC5CDR, fitted",
    "The rules were written for biolabel, and many vote `none`.", "The other votes:",
    "The 31 functions were written for Snorkel;", "F1 is not all:",
    "Snorkel's functions can do things that our rules cannot", "Label model, one core",
    "FlyingSquid's closed form should be faster than either; nobody measured it here.",
    "What else we measured, and against whom",
)  # fmt: skip
"""How sentences begin that say nothing of a figure."""


def sentences() -> list[str]:
    """Return the sentences of the measured sections, without tables."""
    found = []
    for title in MEASURED:
        text = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
        assert text is not None
        plain = re.sub(r"<!-- chosen:.*?<!-- /chosen -->|^###? .*$", "", text[1], flags=re.S | re.M)
        for part in re.split(r"\n\n|\n- ", plain):
            found += re.split(r"(?<=[.:]) (?=[A-Z`])", " ".join(part.lstrip("- ").split()))
    return [each for each in found if each]


@pytest.mark.parametrize("said", CLAIMS)
def test_what_is_said_holds(said: str) -> None:
    assert said in " ".join(PAGE.split())
    assert CLAIMS[said]()


def test_every_sentence_about_figures_is_checked() -> None:
    free = [
        each
        for each in sentences()
        if not any(said in each or each in said for said in CLAIMS)
        and not any(each.startswith(start) for start in BARE)
    ]
    assert free == []
