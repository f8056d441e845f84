"""The command line that all scripts share: what it fetches, prints, writes and returns."""

import importlib
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from corpora_scripts.download import Locked, Remote, read_lock, write_lock
from corpora_scripts.frame import Made, Source, run
from corpora_scripts.members import AtHand
from corpora_scripts.writing import Base, Name, not_at_hand, write_names

import pytest

from biolabel.kb.catalog import entry
from biolabel.kb.sources import Source as Named
from biolabel.kb.sources import read_ontology

SCRIPTS = Path(__file__).resolve().parents[2] / "corpora_scripts"
NAMES = (
    "bc5cdr", "ncbi_disease", "chemprot", "drugprot", "ddi2013", "hallmarks", "mesh", "ctd",
    "disease_ontology", "hpo", "chebi", "hgnc", "pubmed_baseline",
)  # fmt: skip
Archive = Callable[[str, Mapping[str, str | bytes]], Path]


def convert(source: Source, files: AtHand, to: Path) -> Iterator[Made]:
    """Write the lines of words.txt as names; more.txt is wanted too."""
    for name in ("words.txt", "more.txt"):
        member = files.first(name)
        if member is None:
            yield not_at_hand(to / "kb" / name, (name,))
            continue
        names = [Name(f"D{i}", line) for i, line in enumerate(member.read().decode().splitlines())]
        yield write_names(source, to, Base("words", "Some words", "MESH"), names)


def source(*addresses: str, sha256: str = "") -> Source:
    """Return a source of two files, one of them in an archive."""
    return Source(
        name="words",
        title="The words",
        release="of 2020",
        licence='CC0, "as is"',
        cite="Nobody 2020",
        home="https://example.org",
        remotes=tuple(Remote(address, sha256=sha256) for address in addresses),
        convert=convert,
        archives=("words.zip",),
    )


@pytest.fixture
def words(archive: Archive) -> bytes:
    path = archive("words.zip", {"words/words.txt": "ay\nbee\n", "words/more.txt": "sea\n"})
    content = path.read_bytes()
    path.unlink()
    return content


def test_fetched_converted_and_described(
    server: Any, words: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server.put("words.zip", words)
    to, lock = tmp_path / "to", tmp_path / "x.lock"
    found = source(f"{server.address}/words.zip")
    assert run(found, ["--to", str(to), "--lock", str(lock)]) == 0
    out = capsys.readouterr().out
    assert 'Licence: CC0, "as is"' in out
    assert "terms.tsv.gz: 2 names, 2 concepts" in out
    assert (to / "downloads" / "words" / "words.zip").read_bytes() == words
    known = read_lock(lock)[f"{server.address}/words.zip"]
    notice = (to / "kb" / "words" / "LICENCE.md").read_text("utf-8")
    assert 'Licence: CC0, "as is"' in notice
    assert f"words.zip, sha256 {known.sha256}" in notice
    described = entry("words", to / "kb")
    assert (described.version, described.licence) == ("of 2020", 'CC0, "as is"')
    assert run(found, ["--to", str(to), "--lock", str(lock)]) == 0
    assert len(server.asked) == 1


def test_files_at_hand_are_taken_and_nothing_is_fetched(server: Any, tmp_path: Path) -> None:
    hand = tmp_path / "mine"
    hand.mkdir()
    (hand / "words.txt").write_text("ay\n", encoding="utf-8")
    (hand / "more.txt").write_text("bee\n", encoding="utf-8")
    options = ["--from", str(hand), "--to", str(tmp_path / "to"), "--lock", str(tmp_path / "lock")]
    assert run(source(f"{server.address}/words.zip"), options) == 0
    assert server.asked == []
    assert not (tmp_path / "lock").exists()
    assert sorted(path.name for path in hand.iterdir()) == ["more.txt", "words.txt"]


def test_part_that_is_not_at_hand_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "words.txt").write_text("ay\n", encoding="utf-8")
    assert run(source(), ["--from", str(tmp_path), "--to", str(tmp_path / "to")]) == 3
    assert "not at hand: more.txt" in capsys.readouterr().out


def test_folder_with_nothing_of_it_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = source("https://example.org/words.zip")
    (tmp_path / "hand").mkdir()
    for folder in ("hand", "none"):
        options = ["--from", str(tmp_path / folder), "--to", str(tmp_path / "to")]
        assert run(found, options) == 1
        assert "BL703" in capsys.readouterr().err
    assert not (tmp_path / "to").exists()


def test_official_file_at_hand_must_be_the_known_one(
    words: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address, lock = "https://example.org/words.zip", tmp_path / "x.lock"
    write_lock(lock, {address: Locked("a" * 64, 10)})
    (tmp_path / "words.zip").write_bytes(words)
    options = ["--from", str(tmp_path), "--to", str(tmp_path / "to"), "--lock", str(lock)]
    assert run(source(address), options) == 1
    assert "BL704" in capsys.readouterr().err
    assert run(source(address, sha256="b" * 64), options) == 1
    assert "the script says bbbbbbbb" in capsys.readouterr().err


def test_error_is_a_line_with_a_code_and_no_traceback(
    server: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--to", str(tmp_path / "to"), "--lock", str(tmp_path / "x.lock")]
    assert run(source(f"{server.address}/words.zip"), options, ()) == 1
    shown = capsys.readouterr().err
    assert "BL750" in shown
    assert "404" in shown
    assert "Traceback" not in shown


def test_place_that_cannot_be_written_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "words.txt").write_text("ay\n", encoding="utf-8")
    (tmp_path / "to").write_text("a file", encoding="utf-8")
    assert run(source(), ["--from", str(tmp_path), "--to", str(tmp_path / "to")]) == 1
    assert "Not a directory" in capsys.readouterr().err


def test_names_with_tabs_and_bars_survive(tmp_path: Path) -> None:
    names = [Name("D1", 'a\t"b"|c\n', "exact", "D2", "C01.2|C02"), Name("D1", "d", "related")]
    write_names(source(), tmp_path, Base("words", "Some words", "MESH", "7"), names)
    found = read_ontology(Named("catalog", ("words",), catalog=tmp_path / "kb"))
    assert found.names == {"MESH:D1": ('a "b"|c', "d")}
    assert found.parents == {"MESH:D1": ("MESH:D2",)}
    assert found.trees == {"MESH:D1": ("C01.2", "C02")}
    assert entry("words", tmp_path / "kb").version == "7"


def test_fault_while_a_table_is_written_leaves_none(tmp_path: Path) -> None:
    def names() -> Iterator[Name]:
        yield Name("D1", "a")
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        write_names(source(), tmp_path, Base("words", "Some words", "MESH"), names())
    assert list((tmp_path / "kb" / "words").iterdir()) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_source_lists_its_addresses_and_terms(
    name: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    module = importlib.import_module(f"corpora_scripts.{name}")
    found: Source = module.SOURCE
    assert found.name == name
    assert run(found, ["--list", "--lock", str(tmp_path / "none.lock")]) == 0
    shown = capsys.readouterr().out
    for remote in found.remotes:
        assert remote.address.startswith("https://")
        assert remote.address in shown
        assert re.fullmatch(r"[\w.-]+", remote.name)
    assert all((found.release, found.licence, found.cite, found.home.startswith("https://")))


def test_scripts_run_as_the_readme_says() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "corpora_scripts.hpo", "--list"],
        cwd=SCRIPTS.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "hp.obo" in done.stdout


def test_every_source_is_in_the_readme() -> None:
    page = (SCRIPTS / "README.md").read_text("utf-8")
    with_source = {
        path.stem for path in SCRIPTS.glob("*.py") if "\nSOURCE = " in path.read_text("utf-8")
    }
    assert with_source == set(NAMES)
    for name in NAMES:
        found: Source = importlib.import_module(f"corpora_scripts.{name}").SOURCE
        (row,) = [line for line in page.splitlines() if line.startswith(f"| `{name}` ")]
        assert found.licence.partition(";")[0].partition(",")[0] in row


def test_locked_files_are_those_of_the_sources() -> None:
    official = {
        remote.address
        for name in NAMES
        for remote in importlib.import_module(f"corpora_scripts.{name}").SOURCE.remotes
    }
    lock = SCRIPTS / "sources.lock"
    assert lock.is_file()
    assert {name for name in read_lock(lock) if "pubmed/baseline" not in name} <= official
