"""BL7xx: ontologies, knowledge bases and word lists that cannot be used."""

from collections.abc import Mapping

CODES: Mapping[str, str] = {
    "BL701": (
        'A rule file names a knowledge base, `from: catalog "NAME"`, that the catalog does not '
        "have. Each folder of kb/ with a kb.toml is an entry of the catalog, under the folder's name."
    ),
    "BL702": (
        "The kb.toml of a knowledge base is no TOML, lacks a field, or has one that does not exist. "
        "A table of terms names its columns for id and name, one of pairs those for subject and "
        "object."
    ),
    "BL703": (
        "The table that a kb.toml describes is not there. Tables that may not be shipped lie in the "
        "folder that the environment variable BIOLABEL_DATA names."
    ),
    "BL704": (
        "The table has another SHA-256 than its kb.toml states, so it is another version, cut off, "
        "or changed. Results would not be those that the rules were written for; fetch the table "
        "again, or correct kb.toml if the new version is meant."
    ),
    "BL705": (
        "A knowledge base's table cannot be read. It must be TSV, CSV or Parquet, in UTF-8, plain or "
        ".gz, with as many cells in every line as the header names, and no column twice."
    ),
    "BL706": (
        "A kb.toml names a column that its table does not have. Column names are those of the "
        "table's first line, in the same case."
    ),
    "BL707": (
        "The filters of an ontology (`under:`, `not_under:`, `min_length:`, `stop:`, `drop:`) leave "
        "no term at all, so no rule that looks it up could ever vote."
    ),
    "BL708": (
        "The file of a word list cannot be read: it is missing, no text, or not in UTF-8. Paths are "
        "relative to the rule file that names them; the file holds one entry a line, and `#` starts "
        "a comment line."
    ),
    "BL709": (
        "An ontology reads tables of terms (identifiers with their names), a kb tables of pairs "
        "(two identifiers that are related); this entry of the catalog is the other kind."
    ),
    "BL710": (
        '`under` and `not_under` take tree numbers, such as "D02", and identifiers of concepts '
        "that have one. Nothing in the ontology is at or below this one, so it would silently hold "
        "for no concept."
    ),
    "BL711": (
        "A condition asks for a part of a knowledge base, `pair in NAME.PART`, that its table does "
        "not have. The parts are the values of the table's subset column, in lower case, with `_` "
        "for blanks and signs."
    ),
    "BL712": (
        "`ids:` of an ontology or kb says which identifiers it holds, and the catalog's table holds "
        "others, so its concepts would never be those of the mentions."
    ),
}
