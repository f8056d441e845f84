"""BL965 to BL969: votes and soft labels in the forms of other tools."""

from collections.abc import Mapping

CODES: Mapping[str, str] = {
    "BL965": (
        "Data frames and data sets of other libraries need these libraries, which are not installed "
        "with biolabel itself: `pip install 'biolabel[interop]'` brings pandas, polars and datasets. "
        "Arrow tables, Parquet and all other formats need none of them."
    ),
    "BL966": (
        "Snorkel and WRENCH keep a number for every candidate and every rule, also where the rule says "
        "nothing. Of many candidates that is more memory than was allowed; biolabel itself keeps "
        "votes sparse. Allow more, name fewer documents, or use a sparse form (metal, parquet)."
    ),
    "BL967": (
        "The other tool knows votes for one label only. A vote that leaves several labels possible "
        "(`not LABEL`, or a model that is asked for several) has no place there; the message says "
        "which rules give such votes. Leave these votes out on purpose, or use a form that holds them "
        "(parquet)."
    ),
    "BL968": (
        "Votes that were made elsewhere do not fit: their file cannot be read, is not of the format, or "
        "has another number of candidates or rules, or labels that the task does not have."
    ),
    "BL969": "Votes are written to and read from the forms that the message lists, and no others.",
}
