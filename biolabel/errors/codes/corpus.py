"""BL6xx: documents that cannot be read, texts that cannot be processed, corpus stores."""

from collections.abc import Mapping

CODES: Mapping[str, str] = {
    "BL601": (
        "A corpus file cannot be opened or read: it does not exist, is a folder, or the system "
        "does not let biolabel read it. Paths are relative to the folder in which the command runs."
    ),
    "BL602": (
        "A file that should be PubTator has no line such as `12345|t|Title of the paper`, or a "
        "table of abstracts no line with an id, a title and an abstract. It may be empty, in another "
        "format, or in another encoding than UTF-8."
    ),
    "BL603": (
        "The format of a corpus file is told by the end of its name, and no known format has this "
        "one. The message lists the formats; rename the file, or say its format: in task.toml with "
        "`format` under `[documents]`, on the command line of `biolabel convert` and `biolabel corpus` "
        "with `--format`."
    ),
    "BL604": (
        "A file or folder cannot be written. Files are written beside their final place and then "
        "renamed, so the folder around them must be writable and have room for both; what stood "
        "there before is unchanged."
    ),
    "BL605": (
        "A corpus needs at least one document. Either the file holds none, or every document was "
        "rejected; the rejects file names the reason for each line, mention and document."
    ),
    "BL606": (
        "Document ids name documents in predictions, assertions and reviews, so each may occur "
        "only once in a corpus. Readers reject a repeated document; this error means that two "
        "sources were put together."
    ),
    "BL607": (
        "A passage or mention has offsets that do not fit its document. Offsets are Unicode code "
        "points from the start of the document, the end is exclusive, and passages stand in order "
        "without overlapping."
    ),
    "BL608": (
        "The settings name a spaCy pipeline, for tokens, sentences, tags or trees, that is not "
        "installed. The message lists the installed ones; `scispacy` needs no installation of its "
        "own and is the default for tokens and sentences."
    ),
    "BL609": (
        "Sentences, tags or trees were asked from a spaCy pipeline that has no component for them. "
        "Sentences need a parser, a senter or a sentencizer (`scispacy` finds them without a trained "
        "pipeline), parts of speech a tagger or morphologizer, dependency trees a parser."
    ),
    "BL610": (
        "A document cannot be written in this format. PubTator has one line for the title and one for "
        "the rest, offsets count exactly one blank between them, and its ids hold neither `|` nor tabs "
        "nor line ends; XML holds no control characters; files of brat are named by the ids."
    ),
    "BL611": (
        "A folder was given as a corpus store but has no `corpus.json`. When reading, the path is "
        "wrong or the corpus was not built yet. When writing, the folder holds something else, "
        "which biolabel does not delete."
    ),
    "BL612": (
        "The files of a corpus store do not agree with its `corpus.json`: they were changed, "
        "copied in part, or written by another version of biolabel."
    ),
    "BL613": (
        "The pipeline's `sections:` says where sections come from: `given` takes those of the file, "
        "`pubmed` also splits structured abstracts at their labels, such as `METHODS:`."
    ),
    "BL630": (
        "`--format`, or `format` in task.toml, names a format that biolabel does not have. The message "
        "lists all, with the nearest name."
    ),
    "BL631": (
        "Several formats use the ending of this file's name, such as `.xml`, and its content begins as "
        "none of them does. It may be empty or damaged, or of a format that biolabel does not read."
    ),
    "BL632": (
        "A folder is a corpus if it holds files of one format, also in folders inside it, or is itself "
        "the unit of a format, as with brat. Files of no known ending are left out with a note; hidden "
        "files are not looked at."
    ),
    "BL634": (
        "Some formats are read but not written, such as those of publishers. The message lists those "
        "that are written."
    ),
    "BL635": (
        "`biolabel convert` tells the format to write by the ending of the output's name. None has this "
        "one, or several have; say which with `--to`. Or `--to` names another format than the ending, by "
        "which the file would be read wrongly later."
    ),
    "BL633": (
        'Columns are chosen for tables only: `columns.text = "abstract"` says that the texts are in the '
        "column `abstract`. Either the format has no columns to choose, or they cannot hold this."
    ),
    "BL640": (
        "A file that should be MEDLINE or JATS has none of the elements of an article, or is written in an "
        "encoding that biolabel does not read. It may be empty, or XML of another kind: the message names "
        "its root element."
    ),
    "BL641": (
        "The texts of a table are in a column `text`, or in `title` and `abstract`, unless `columns.text` "
        "and its kin say otherwise. Either the table has no such column, or it has two columns of one "
        "name. The message lists what it has, with the nearest name."
    ),
    "BL642": (
        "A folder that should be a dataset of Hugging Face `datasets` lacks a file that its `state.json` "
        "or `dataset_dict.json` names, or has no split of the name that `columns.split` gives; or an Arrow "
        "or Parquet file is damaged at its beginning."
    ),
    "BL643": (
        "A packed file (gzip, zip, Parquet) holds more than 200 times its size, and more than 100 MB, so it "
        "is not read: a small file could fill the memory or the disk. Texts shrink to a third, tables to a "
        "fortieth. If the file is yours and right, unpack it: plain files may have any size."
    ),
    "BL620": (
        "Assertions gather predictions, the votes of rules and the texts of one corpus. A "
        "prediction speaks about a document that this corpus does not have, or uses a label that "
        "the task of the votes does not have, so the three do not come from the same run."
    ),
    "BL621": (
        "A table of assertions has a header line with fixed names of columns, and the same number "
        "of cells in each line. This file is another table, was cut off, or was changed in a "
        "program that does not keep its tabs."
    ),
    "BL660": (
        "A text holds half of a character that takes two in UTF-16, so it cannot be written as "
        "UTF-8. Most often a program wrote a JSON escape such as `\\ud83d` without its other half, "
        "or cut a text between the two."
    ),
    "BL661": (
        "A corpus store is changed by one process at a time, and another one is at it. It is free "
        "again when that process ends, however it ends; reading a store is always possible."
    ),
    "BL662": (
        "Documents can be replaced in and removed from a corpus store by their ids only, and the "
        "store has no document with this one. `biolabel corpus ids` lists those it has; new documents "
        "are added with `biolabel corpus add`."
    ),
    "BL663": (
        "A corpus store holds at least one document, so the last ones cannot be removed. If nobody "
        "needs it any more, delete its folder."
    ),
    "BL664": (
        "The index of a corpus store has the SHA-256 of each of its files, and this file has another "
        "one: its bytes changed after it was written, by a program or by a failing disk. Build the "
        "store again, or copy this shard from where it is whole."
    ),
    "BL665": (
        "In a corpus store sections lie in the text of their document, sentences in their section, "
        "rows in their sentence, mentions and abbreviations in the text, and none overlaps the one "
        "before (mentions may). Here some do not, so rules would read the wrong words."
    ),
    "BL666": (
        "Tables of a corpus store name rows of other tables by their numbers, and stand in the order "
        "of documents. Here a number is of no row, or the order is another."
    ),
    "BL667": (
        "Each row of a corpus store has a form, which is its part of the text, a lower form, and "
        "whether it is a word. Here one of them does not fit the text."
    ),
    "BL668": (
        "Mentions and abbreviations of a corpus store stand in the order of their places and name the "
        "rows that they overlap. Here they name others, so rules would see them elsewhere."
    ),
    "BL669": (
        "An id names one document of a corpus store, also where it has several shards. Here two "
        "documents have the same id."
    ),
    "BL670": (
        "A corpus store has a hash of each document; those of a shard give the hash of the shard, and "
        "those of all shards that of the store. Here they do not, so the index and the shards are "
        "not from the same time."
    ),
    "BL671": (
        "The sentences of a corpus store follow each other without a gap in rows, each has a row, and "
        "stands in a section of its document; a row hangs on rows of its own sentence only. Here "
        "some do not."
    ),
    "BL672": (
        "A conversion reads a corpus and writes another, which takes the place of whatever has its name. "
        "Here that would be the corpus that is read, a file of it, a folder that holds it, or a "
        "place inside of a corpus store."
    ),
}
