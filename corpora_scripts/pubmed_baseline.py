"""PubMed's yearly baseline: every article, 30,000 a file, as `biolabel` reads them (MEDLINE XML).

`--files 1-1334` names the files to take, 1 alone by default: a file has some 40 MB, all 52 GB. NLM puts
an MD5 beside each. The files stay as they are; they are only checked to be whole, counted, and put
where `biolabel corpus build FOLDER STORE` finds them. Tested on made-up files only.
"""

import argparse
import os
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from corpora_scripts.download import Remote
from corpora_scripts.frame import Made, Source, parser, run_with
from corpora_scripts.members import AtHand

from biolabel.data.files import replacing_file
from biolabel.kb.streams import broken, opened

YEAR = 2026
LAST = 1334
"""The number of files of that year's baseline."""
BASELINE = "https://ftp.ncbi.nlm.nih.gov/pubmed/baseline"


def convert(_: Source, files: AtHand, to: Path) -> Iterator[Made]:
    """Put the files into corpora/pubmed_baseline."""
    for member in files.all("pubmed[0-9][0-9]n[0-9][0-9][0-9][0-9].xml.gz"):
        path = files.on_disk(member)
        number = articles(path)
        if not number:
            raise broken(path, "it has no PubmedArticle")
        out = to / "corpora" / "pubmed_baseline" / path.name
        if not (out.exists() and out.samefile(path)):
            with replacing_file(out) as temporary:
                _link(path, temporary)
        yield Made(out, {"articles": number})


def articles(path: Path) -> int:
    """Return the number of articles in a file, which is read to its end.

    Raises:
        KnowledgeError: BL705 when it is damaged or cut off.
    """
    with opened(path) as stream:
        return sum(line.count(b"<PubmedArticle>") for line in stream)


def _link(path: Path, to: Path) -> None:
    """Give a file a second name, or copy it where that cannot be."""
    try:
        os.link(path, to)
    except OSError:
        shutil.copyfile(path, to)


def remotes(numbers: Sequence[int]) -> tuple[Remote, ...]:
    """Return the official files of some numbers."""
    names = (f"{BASELINE}/pubmed{YEAR % 100}n{number:04d}.xml.gz" for number in numbers)
    return tuple(Remote(name, size=39_000_000, md5=True) for name in names)


def numbers_of(written: str) -> tuple[int, ...]:
    """Return the numbers of a range such as `7` or `1-12`.

    Raises:
        argparse.ArgumentTypeError: when it is none, or goes beyond the baseline.
    """
    match = re.fullmatch(r"(\d+)(?:-(\d+))?", written)
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    if not 1 <= first <= last <= LAST:
        raise argparse.ArgumentTypeError(f"{written!r} is no range within 1-{LAST}")
    return tuple(range(first, last + 1))


SOURCE = Source(
    name="pubmed_baseline",
    title="PubMed's baseline",
    release=f"{YEAR}",
    licence="NLM's terms: free to use with acknowledgement; publishers may hold rights in the abstracts;"
    " say when it was fetched, and that it may not be the newest",
    cite="US National Library of Medicine, PubMed",
    home="https://pubmed.ncbi.nlm.nih.gov/download",
    remotes=remotes((1,)),
    convert=convert,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what a command line says and return the exit status."""
    options = parser(SOURCE.name, SOURCE.title)
    options.add_argument(
        "--files", type=numbers_of, default=(1,), metavar="N-M", help=f"within 1-{LAST}; default: 1"
    )
    given = options.parse_args(arguments)
    return run_with(replace(SOURCE, remotes=remotes(given.files)), given)


if __name__ == "__main__":
    sys.exit(main())
