"""The texts that rules and names are timed on: abstracts of PubMed, and more made of them by changing words.

BIOLABEL_DATA has 3,324 different abstracts (BC5CDR, NCBI disease, ChemProt), 4.8 MB. Where more are
needed, copies are added in which every tenth word is another one of the abstracts, drawn as often as it
occurs there, and every fiftieth has one of its letters changed, as more texts have more different words.
"""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from biolabel.resources import data_root

_WORD = re.compile(r"\w+")
_OTHER, _NEW = 0.1, 0.02


def abstracts() -> list[str]:
    """Return titles and abstracts, each once."""
    root = data_root() / "corpora"
    if not root.is_dir():
        raise SystemExit(f"{root} is missing: set BIOLABEL_DATA to the folder of the corpora")
    found: dict[str, str] = {}
    for path in sorted(root.glob("*/*.pubtator.gz")):
        if not path.name.startswith("pred"):
            found |= _pubtator(path)
    for path in sorted(root.glob("chemprot/*_abstracts.tsv.gz")):
        for line in _lines(path):
            number, title, abstract = line.split("\t")
            found[number] = f"{title} {abstract}"
    return list(found.values())


def grown(texts: list[str], characters: int, generator: np.random.Generator) -> list[str]:
    """Return texts of so many characters: those given, then changed copies of them."""
    pool = [word for text in texts for word in _WORD.findall(text)]
    found: list[str] = []
    size = number = 0
    while size < characters:
        text = texts[number % len(texts)]
        found.append(text if number < len(texts) else _changed(text, pool, generator))
        size += len(found[-1])
        number += 1
    return found


def _changed(text: str, pool: list[str], generator: np.random.Generator) -> str:
    def other(match: re.Match[str]) -> str:
        word = match[0]
        draw = generator.random()
        if draw < _NEW:
            place = int(generator.integers(len(word)))
            letter = "abcdefghijklmnopqrstuvwxyz"[int(generator.integers(26))]
            return word[:place] + letter + word[place + 1 :]
        return pool[int(generator.integers(len(pool)))] if draw < _NEW + _OTHER else word

    return _WORD.sub(other, text)


def _pubtator(path: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in _lines(path):
        number, kind, text = [*line.split("|", 2), "", ""][:3]
        if kind in ("t", "a"):
            found[number] = f"{found[number]} {text}" if number in found else text
    return found


def _lines(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from (line.rstrip("\n") for line in lines)
