"""The Unified Medical Language System as its Rich Release Format: concepts, semantic types, relations."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from biolabel.errors import KnowledgeError
from biolabel.kb.curie import curie_of
from biolabel.kb.delimited import fault
from biolabel.kb.hierarchy import CIRCLES, acyclic, told
from biolabel.kb.ontology import Ontology, grouped, lineage
from biolabel.kb.streams import line_of, opened, place
from biolabel.kb.tables import RowFilter, keep_rows

PREFIX = "UMLS"
NAMES = {"CUI": "id", "LAT": "language", "TS": "status", "STT": "form", "ISPREF": "preferred",
         "SAB": "source", "TTY": "kind", "CODE": "code", "STR": "name", "SUPPRESS": "suppress"}  # fmt: skip
"""The columns of MRCONSO that `where:` may name, by our names; `rank` is read from MRRANK."""
_FILES = {
    "MRCONSO": "CUI LAT TS LUI STT SUI ISPREF AUI SAUI SCUI SDUI SAB TTY CODE STR SRL SUPPRESS CVF",
    "MRSTY": "CUI TUI STN STY ATUI CVF",
    "MRREL": "CUI1 AUI1 STYPE1 REL CUI2 AUI2 STYPE2 RELA RUI SRUI SAB SL RG DIR SUPPRESS CVF",
    "MRRANK": "RANK SAB TTY SUPPRESS",
}
"""The columns of each file, as UMLS lists them in MRFILES."""
_DEFAULTS = (RowFilter("language", "=", "ENG"), RowFilter("suppress", "=", "N"))


def read_umls(folders: Sequence[Path], where: Sequence[RowFilter] = ()) -> Ontology:
    """Read the concepts of a UMLS release from the folders that hold its files (plain or .gz).

    MRCONSO is needed; MRSTY gives semantic types, MRREL parents (`PAR`, `CHD`), MRRANK the ranks of
    sources. English names that are not suppressed count, unless `where` asks for another `language` or
    `suppress`. A concept's types are those of MRSTY and all above them in the semantic network, by
    identifier (T047), tree number (B2.2.1.2.1) and, its own only, by name. Sources that UMLS joins
    contradict each other in what is above what (Bodenreider 2001, Proc AMIA Symp: 57-61), and nobody
    can mend a release, so of each circle one statement is left out, with a remark (BL723).

    Raises:
        KnowledgeError: BL703 a folder without MRCONSO, BL705 a broken file, BL402 an unknown column,
            BL713 as `tables.keep_rows`.
    """
    path = _needed(folders, "MRCONSO")
    table = _read(path, list(NAMES)).rename_columns(list(NAMES.values()))
    if any(each.column == "rank" for each in where):
        table = table.append_column("rank", _ranks(table, _needed(folders, "MRRANK")))
    asked = {each.column for each in where}
    filters = [*(each for each in _DEFAULTS if each.column not in asked), *where]
    kept = keep_rows(table, filters, path, "BL402")
    best = pc.and_(
        pc.equal(kept["preferred"], "Y"),
        pc.and_(pc.equal(kept["status"], "P"), pc.equal(kept["form"], "PF")),
    )
    ordered = pa.concat_tables([kept.filter(best), kept.filter(pc.invert(best))])
    ids = [curie_of(raw, PREFIX) for raw in ordered["id"].to_pylist()]
    parents, found = acyclic(grouped(_parents(folders)))
    return Ontology(
        names=grouped(zip(ids, ordered["name"].to_pylist(), strict=True)),
        parents=parents,
        types=_types(folders),
        prefix=PREFIX,
        omitted=table.num_rows - kept.num_rows,
        remarks=_remarks(found, folders),
    )


def read_relations(folders: Sequence[Path]) -> tuple[pa.Table, Path]:
    """Read MRREL as pairs: subject, object, subset (the relation's name, such as `may_treat`), source.

    MRREL says what the second concept is to the first, so the second is the subject here.

    Raises:
        KnowledgeError: BL703 a folder without MRREL, BL705 a broken file.
    """
    path = _needed(folders, "MRREL")
    table = _read(path, ["CUI2", "CUI1", "RELA", "SAB"])
    return table.rename_columns(["subject", "object", "subset", "source"]), path


def files_of(folder: Path) -> list[Path]:
    """Return the files of a folder that are read."""
    names = [f"{name}.RRF{end}" for name in _FILES for end in ("", ".gz")]
    return [folder / name for name in names if (folder / name).is_file()]


def _find(folders: Sequence[Path], name: str) -> Path | None:
    files = (file for folder in folders for file in files_of(folder))
    return next((file for file in files if file.name.partition(".")[0] == name), None)


def _needed(folders: Sequence[Path], name: str) -> Path:
    found = _find(folders, name)
    if found is None:
        where = ", ".join(map(str, folders))
        hint = "name the folder META of a UMLS release"
        raise KnowledgeError("BL703", f"there is no {name}.RRF in {where}", hint=hint)
    return found


def _read(path: Path, columns: Sequence[str]) -> pa.Table:
    """Read some columns of a file; every line of the format ends with a `|`."""
    header = [*_FILES[path.name.partition(".")[0]].split(), "end"]
    try:
        with opened(path) as stream:
            return pacsv.read_csv(
                stream,
                read_options=pacsv.ReadOptions(column_names=header),
                parse_options=pacsv.ParseOptions(delimiter="|", quote_char=False),
                convert_options=pacsv.ConvertOptions(
                    include_columns=list(columns),
                    column_types=dict.fromkeys(header, pa.string()),
                    strings_can_be_null=False,
                ),
            )
    except pa.ArrowException as error:
        line, what = fault(path, "|", len(header)) or (None, str(error))
        raise KnowledgeError(
            "BL705", f"{place(path, line)} cannot be read as RRF: {what}"
        ) from error


def _ranks(table: pa.Table, path: Path) -> pa.Array:
    known = _read(path, ["SAB", "TTY", "SUPPRESS", "RANK"])
    keys = zip(*(known[name].to_pylist() for name in ("SAB", "TTY", "SUPPRESS")), strict=True)
    ranks = dict(zip(keys, known["RANK"].to_pylist(), strict=True))
    asked = zip(*(table[name].to_pylist() for name in ("source", "kind", "suppress")), strict=True)
    return pa.array([ranks.get(key, "") for key in asked], pa.string())


def _parents(folders: Sequence[Path]) -> Iterator[tuple[str | None, str]]:
    path = _find(folders, "MRREL")
    if path is not None:
        table = _read(path, ["CUI1", "REL", "CUI2"])
        for below, above, relation in (("CUI1", "CUI2", "PAR"), ("CUI2", "CUI1", "CHD")):
            found = table.filter(pc.equal(table["REL"], relation))
            pairs = zip(found[below].to_pylist(), found[above].to_pylist(), strict=True)
            yield from ((f"{PREFIX}:{b}", f"{PREFIX}:{a}") for b, a in pairs if a != b)


def _remarks(circles: Sequence[tuple[str, ...]], folders: Sequence[Path]) -> tuple[str, ...]:
    path = _find(folders, "MRREL")
    if path is None or not circles:
        return ()
    pair = (circles[0][-1], circles[0][0])
    line = line_of(path, *(concept.removeprefix(f"{PREFIX}:") for concept in pair))
    left_out = "the first statement is left out" + ", of each circle" * (len(circles) > 1)
    return (f"{CIRCLES}: {place(path, line)}: a circle: {told(circles)}; {left_out}",)


def _types(folders: Sequence[Path]) -> Mapping[str, tuple[str, ...]]:
    path = _find(folders, "MRSTY")
    if path is None:
        return {}
    table = _read(path, ["CUI", "TUI", "STN", "STY"])
    numbers = dict(zip(table["STN"].to_pylist(), table["TUI"].to_pylist(), strict=True))
    above = {
        number: [
            *sorted(up := lineage([number])),
            *(numbers[n] for n in sorted(up) if n in numbers),
        ]
        for number in numbers
    }
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    rows = (table[name].to_pylist() for name in ("CUI", "STN", "STY"))
    for raw, number, name in zip(*rows, strict=True):
        found[f"{PREFIX}:{raw}"].update(dict.fromkeys([*above[number], name]))
    return {concept: tuple(types) for concept, types in found.items()}
