"""BL6xx: documents that cannot be read, texts that cannot be processed, corpus stores."""

from collections.abc import Mapping

CODES: Mapping[str, str] = {
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
}
