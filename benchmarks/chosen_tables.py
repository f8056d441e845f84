"""The tables that `chosen.py` writes: which figure of which results file stands in which cell."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure: the results file, its name and unit there, how it is shown if not as everywhere.

    maybe: whether it may be missing, because nobody measured it.
    """

    file: str
    name: str
    unit: str
    form: str = ""
    maybe: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """A table: its columns, and rows of texts and figures."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell | str, ...], ...]


COPIES = (
    "near-copies",
    "loose copies",
    "near-copies of rare rules",
    "loose copies of rare rules",
    "declared copies",
)


def _planted(name: str, what: str) -> Cell:
    return Cell("label_model", f"{name}, 10,000 rows: {what}", "macro-F1", "{:.3f}")


def _share(table: str, leak: str) -> Cell:
    name = f"{table} with gold of {leak}: smallest share that is seen"
    return Cell("audit", name, "of the gold", "{:.0%}")


def _real(corpus: str, coding: str, unit: str = "F1") -> tuple[Cell, Cell]:
    majority, model = (
        Cell("no_match", f"{corpus}, {coding}: {method}", unit, "{:.3f}")
        for method in ("majority vote", "label model")
    )
    return majority, model


EACH = "label_model_each"
METHODS = ("biolabel", "majority vote", "snorkel", "metal", "skweak", "dawid_skene", "hyperlm")
TOLD = ("snorkel, balance", "metal, balance")
SETS = (
    "two-sided 50 %",
    "two-sided 5 %",
    "one-sided 5 %",
    "five labels",
    "rare rules",
    "near-copies",
    "loose copies",
    "near-copies of rare rules",
    "loose copies of rare rules",
    "declared copies",
    "eager",
    "hierarchy",
    "relation and its types",
    "fine and coarse task",
)


def _method(votes: str, method: str, unit: str) -> Cell:
    return Cell(EACH, f"{votes}: {method}", unit, "{:.3f}", maybe=True)


def _size(coverage: str, what: str, unit: str, form: str) -> Cell:
    return Cell(EACH, f"100,000 rows x 100 functions, 2 labels, {coverage}: {what}", unit, form)


def _speed(coverage: str, votes: str) -> tuple[Cell | str, ...]:
    seconds = f"s, {votes} million votes"
    return (
        f"100,000 rows, 100 rules, {votes} million votes",
        _size(coverage, "biolabel", seconds, "{:.1f} s"),
        _size(coverage, "Snorkel", "s", "{:.1f} s"),
        _size(coverage, "biolabel", "GB", "{:.2f} GB"),
        _size(coverage, "Snorkel", "GB", "{:.2f} GB"),
    )


TABLES: Mapping[str, Chosen] = {
    "copies": Chosen(
        ("votes", "true parameters", "biolabel", "majority vote"),
        tuple(
            (
                name,
                _planted(name, "true parameters"),
                _planted(name, "biolabel"),
                _planted(name, "best other (majority vote)"),
            )
            for name in COPIES
        ),
    ),
    "leaks": Chosen(
        ("planted into", "gold of train alone", "of train and dev", "of train, dev unknown"),
        tuple(
            (
                title,
                *(_share(name, it) for it in ("train", "train and dev", "train, dev unknown")),
            )
            for name, title in (
                ("nothing", "an empty table"),
                ("ctd", "CTD"),
                ("side_effects", "SIDER"),
                ("indications", "indications"),
            )
        ),
    ),
    "no_match": Chosen(
        (
            "votes",
            "majority vote",
            "no match counted against",
            "label model",
            "no match counted against",
        ),
        tuple(
            (
                f"{corpus}, F1",
                _real(corpus, "as they are")[0],
                _real(corpus, "no match as a vote")[0],
                _real(corpus, "as they are")[1],
                _real(corpus, "no match as a vote")[1],
            )
            for corpus in ("cdr cid", "chemprot acts_on", "cdr mentions", "ncbi_disease mentions")
        ),
    ),
    "planted": Chosen(
        ("planted votes", *METHODS, *TOLD),
        tuple(
            (name, *(_method(name, method, "macro-F1") for method in (*METHODS, *TOLD)))
            for name in SETS
        ),
    ),
    "real": Chosen(
        ("measure", *METHODS, *TOLD),
        tuple(
            (name, *(_method("cdr cid", method, unit) for method in (*METHODS, *TOLD)))
            for name, unit in (
                ("F1", "F1"),
                ("average precision", "AP"),
                ("log loss", "log loss"),
                ("calibration error", "ECE"),
            )
        ),
    ),
    "calibrated": Chosen(
        ("planted votes", *METHODS, *TOLD),
        tuple(
            (name, *(_method(name, method, "ECE") for method in (*METHODS, *TOLD)))
            for name in ("two-sided 5 %", "near-copies", "declared copies", "hierarchy")
        ),
    ),
    "fitting": Chosen(
        ("fit and predict", "biolabel", "Snorkel", "biolabel's memory", "Snorkel's memory"),
        (_speed("5%", "0.5"), _speed("30%", "2.96")),
    ),
    "applying": Chosen(
        ("the same rules on the same pairs", "times as fast"),
        (
            (
                "as Snorkel's LFApplier, 200,984 pairs",
                Cell("applier", "times as fast as LFApplier, 200,984 candidates", "x", "{:.0f}"),
            ),
            (
                "as Snorkel's PandasLFApplier, 200,984 pairs",
                Cell(
                    "applier", "times as fast as PandasLFApplier, 200,984 candidates", "x", "{:.0f}"
                ),
            ),
            (
                "as Snorkel's LFApplier, 5,432 pairs",
                Cell("applier", "times as fast as LFApplier, 5,432 candidates", "x", "{:.0f}"),
            ),
            (
                "as spaCy's Matcher, from raw texts",
                Cell(
                    "engine",
                    "50 token patterns, times as fast as spaCy's Matcher, from raw texts",
                    "x",
                    "{:.0f}",
                ),
            ),
            (
                "as Python's `re`: the slowest of 60 expressions",
                Cell("engine", "times as fast as `re`: the slowest of the expressions", "x"),
            ),
        ),
    ),
    "ours": Chosen(
        ("F1", *METHODS, *TOLD),
        tuple(
            (title, *(_method(name, method, "F1") for method in (*METHODS, *TOLD)))
            for title, name in (
                ("words of BC5CDR, chemicals and diseases", "cdr mentions"),
                ("words of the NCBI corpus, diseases", "ncbi_disease mentions"),
                ("relations of ChemProt", "chemprot acts_on"),
                ("31 Python functions of others, pairs of mentions in BC5CDR", "31 functions"),
                ("the same functions, votes lifted to pairs of concepts", "31 functions, lifted"),
            )
        ),
    ),
}
