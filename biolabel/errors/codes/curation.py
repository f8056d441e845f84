"""BL95x and BL96x: the database of curation, its decisions and users."""

from collections.abc import Mapping

CODES: Mapping[str, str] = {
    "BL950": (
        "Decisions are kept in a database: a file, named by its path or as `sqlite:///path`, or a "
        "PostgreSQL database, `postgresql://user:password@host/name`. The text is neither."
    ),
    "BL951": (
        "The database or the users need a package that is not installed with biolabel itself: "
        "`pip install 'biolabel[postgres]'` for PostgreSQL, `pip install 'biolabel[server]'` for users."
    ),
    "BL952": (
        "The database of decisions cannot be opened: the folder is missing, the file is no SQLite "
        "database, or the PostgreSQL server does not answer or does not let this user in."
    ),
    "BL953": (
        "There is no room for the database of decisions to grow. What it did not confirm is not kept; "
        "everything that it confirmed is. Make room on the disk and decide again."
    ),
    "BL954": (
        "Another program holds the database of decisions, and did not let go of it in time. Nothing "
        "of what was asked is kept; try again when the other program, such as the loading of a run, is "
        "done."
    ),
    "BL955": (
        "The database of decisions may only be read: the file, its folder or the PostgreSQL user "
        "does not allow writing."
    ),
    "BL956": (
        "The database of decisions was written by a newer biolabel, whose tables this one does not "
        "know. Nothing in it was changed; install the newer biolabel."
    ),
    "BL957": (
        "The database of decisions failed in a way that biolabel does not expect: it is damaged, or "
        "the connection broke in the middle of the work. What was not confirmed is not kept."
    ),
    "BL958": (
        "An id names an assertion, a row of its evidence or a decision that the database does not "
        "have. Ids come from `biolabel curate queue` and stay the same over runs."
    ),
    "BL959": (
        "A decision cannot be kept as it is: its verdict is not one of accept, reject, unsure, wrong "
        "mention and wrong relation, it has no author, it takes back what somebody else decided or what "
        "was taken back already."
    ),
    "BL960": (
        "Users have a name of letters, digits, `.`, `_`, `@` and `-`, a password of at least eight "
        "characters, and one of the roles viewer, curator and admin. The name is taken or unknown, or "
        "the rest is not like that."
    ),
    "BL962": (
        "The queue is asked for an order, a place to go on from or a number of rows that it does not "
        "have. A place to go on from comes from the page before, in the same order."
    ),
    "BL963": (
        "A workspace has no assertions to review. `biolabel run` or `biolabel assertions` makes them."
    ),
    "BL964": (
        "Assertions of one run are loaded together, and two of them have the same subject, predicate "
        "and object. The table was put together by hand or is damaged."
    ),
    "BL984": (
        "A knowledge base is made of assertions between concepts, and there are none to make it of: "
        "nobody has accepted one, or their subjects and objects are texts without an identifier."
    ),
    "BL985": (
        "`biolabel export` writes kgx, tsv, jsonl, bioc-json, bioc-xml, pubtator, brat, nanopub, kb and "
        "gold, and was asked for something else."
    ),
    "BL986": (
        "Rules call a knowledge base by its name, so it needs one of letters, digits and underscores."
    ),
    "BL987": (
        "A file of gold rows, as `biolabel export --to gold` writes it, has a header and the columns task, "
        "document, subject, label, object, start and end, and each row names a task and a label of the "
        "rules. This file is another one, or was made for other rules."
    ),
    "BL988": (
        "The database of a workspace has the assertions of an earlier run beside the decisions, and that is "
        "what is exported and counted. `biolabel curate load` brings the last run in; decisions stay."
    ),
}
