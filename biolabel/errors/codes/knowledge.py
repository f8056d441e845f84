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
        "The table that a kb.toml describes, or the file that a rule file names, is not there. Paths of "
        "rule files are relative to the rule file, else to the folder that the environment variable "
        "BIOLABEL_DATA names, where tables lie that may not be shipped."
    ),
    "BL704": (
        "The table has another SHA-256 than its kb.toml states, so it is another version, cut off, "
        "or changed. Results would not be those that the rules were written for; fetch the table "
        "again, or correct kb.toml if the new version is meant."
    ),
    "BL705": (
        "An ontology's or knowledge base's file cannot be read. A table must be TSV, CSV or Parquet, in "
        "UTF-8, plain or .gz, with as many cells in every line as the header names, and no column "
        "twice; other files must be what their format says, and whole."
    ),
    "BL706": (
        "A kb.toml names a column that its table does not have. Column names are those of the "
        "table's first line, in the same case."
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
        '`under` and `not_under` take tree numbers, such as "D02", identifiers of concepts with a place '
        "in the hierarchy, and semantic types. Nothing in the ontology is at or below this one, so it "
        "would silently hold for no concept."
    ),
    "BL711": (
        "A condition asks for a part of a knowledge base, `pair in NAME.PART`, that its table does "
        "not have. The parts are the values of the table's subset column, in lower case, with `_` "
        "for blanks and signs."
    ),
    "BL712": (
        "`ids:` of an ontology or kb says which identifiers it holds, and the files hold "
        "others, so its concepts would never be those of the mentions."
    ),
    "BL713": (
        "`where:` compares a column with a number, and no cell of the column is one. Texts are written "
        'in quotes: `where: code = "12"`.'
    ),
    "BL714": (
        "The identifiers of a table have no prefix (such as `MESH:`), and nothing says which they are, so "
        'they would never be those of the mentions. `ids: "MESH"` says it.'
    ),
    "BL715": (
        "`count` is the column of the number of pieces of evidence for a pair, so its cells are whole "
        "numbers or empty. The documents that state a pair stand in the column of `evidence`."
    ),
    "BL716": (
        "`expand:` lets a pair hold for the concepts above or below too. That needs `pairs:`, which says "
        "the types, and an ontology of the type that knows what is above what: tree numbers or parents."
    ),
    "BL717": (
        "`columns:` says which column of a table is what. The catalog's tables are described by their "
        "kb.toml, and the other formats fix their columns, so it would have no effect."
    ),
    "BL720": (
        "A packed file (.gz, .bz2, .zip) unpacks to more than 200 times its size, and to more than "
        "100 MB, as files do that are made to fill memory. A file that is right all the same can be "
        "unpacked first: plain files may have any size."
    ),
    "BL721": (
        "An ontology file defines a concept twice, so one of the two is a mistake: names and places of "
        "both would be mixed. OWL files may describe a class in several places; tables may give a "
        "concept a row for each name."
    ),
    "BL722": (
        "A name holds a tab, a line end or another control character, which no text has; mostly two "
        "columns or two names ran together. The message names the file and the line or row."
    ),
    "BL723": (
        "In a file's hierarchy a concept is above itself, so what is below what would depend on where one "
        "begins. The message names the file, the line and the statements of the first circle; one of them "
        "must be taken out. In UMLS, which joins sources that contradict each other, this is a warning: "
        "one statement of each circle is left out, always the same, and everything else counts."
    ),
    "BL750": (
        "A script of corpora_scripts/ cannot fetch an official file: the server does not have it any "
        "more, does not answer, or ends the transfer early each time. What came is kept, and the next "
        "run goes on from there. Files that were fetched by hand are given with `--from FOLDER`."
    ),
    "BL751": (
        "An archive is damaged, or is not safe to unpack: a name in it leads out of the archive, or it "
        "would unpack to more than 4 GiB or 200 times its size, as archives do that are made to fill a "
        "disk. Nothing of it was written."
    ),
    "BL752": (
        "The lock file of corpora_scripts/ holds a line for each official file: its SHA-256, its size "
        "in bytes and its address, with blanks between them. This line is something else."
    ),
    "BL730": (
        "A file that was named on the command line does not say what it holds. The end of its name tells "
        "the format, and a table tells by its columns whether it holds terms (`id` and `name`) or pairs "
        "(`subject` and `object`); `--format`, `--column` and `--ids` say it otherwise."
    ),
    "BL731": (
        "A knowledge base was asked for a concept that it does not have. Identifiers are CURIEs, such as "
        "`MESH:D003000`, or the part behind the colon where the knowledge base has one prefix only."
    ),
    "BL732": (
        "`biolabel kb diff` compares two versions of one ontology or of one table of pairs. These are of "
        "different kinds, or have no identifier in common, so every line would differ."
    ),
    "BL733": (
        "`biolabel kb audit` compares the knowledge of a task with gold, and there is none of one or of "
        "the other. Gold is given mentions with concepts, and given relations that `[gold.TASK]` of "
        "task.toml names; knowledge is what `ontology` and `kb` of the rule files declare."
    ),
    "BL734": (
        "One rule that asks a knowledge base is by itself better than the label model over all rules. The "
        "knowledge base may hold the answers (leak), the other rules may say little, or the label model "
        "may give its dependent rules too much weight; `biolabel analyze` shows which."
    ),
    "BL735": (
        "A knowledge base that names no documents for its pairs, so that nothing of it can be left out, "
        "agrees with gold as one made from it would: it has nearly all gold pairs, or nearly no others "
        "of the documents, or far more of one part of the gold than of the other. Look at where it comes "
        "from before you believe scores on that gold."
    ),
    "BL740": (
        "Mentions are normalized to the names of ontologies. What was named has none: it holds pairs, or is "
        "a rule file none of whose ontologies says by `type:` which mentions its concepts are."
    ),
    "BL741": (
        "There is no mention to normalize: the documents came without mentions, or with mentions of other "
        "types. `--find` looks for the names of the ontologies in the texts instead."
    ),
    "BL742": (
        "`biolabel normalise` needs to know which concepts mentions may have: `--ontology` names ontologies, "
        "each maybe for mentions of one type only (`Disease=mesh_diseases`), `--rules` takes those of a task "
        "with all their filters. It takes one of the two. `--fuzzy` goes with `--find` only."
    ),
}
