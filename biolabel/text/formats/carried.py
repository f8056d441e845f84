"""What formats of annotation tools carry along unseen: passages, metadata, relations of concepts, topics.

Their tasks are a text with marks. The rest stands beside it under `biolabel`, which the tools give back as
it was, so that a document that went there comes back whole.
"""

from collections.abc import Mapping

from biolabel.data.documents import Document, place_of_key
from biolabel.text.formats.given import UnusableError
from biolabel.text.formats.jsonl import Object, written

KEY = "biolabel"


def carried(document: Document) -> Object:
    """Return what is carried along of a document; passages by their places in its text."""
    passages = [
        {**written(passage), "offset": passage.offset, "length": len(passage.text), "text": None}
        for passage in document.passages
    ]
    concepts = [each for each in document.relations if place_of_key(each.subject) is None]
    return {
        "passages": [{k: v for k, v in each.items() if v is not None} for each in passages],
        "meta": dict(document.meta),
        "relations": [written(relation) for relation in concepts],
        "topics": dict(document.topics),
    }


def restored(text: str, value: object) -> dict[str, object]:
    """Return a text and what was carried along with it as JSON Lines have a document.

    Without anything, or where the text is another one now, the text is one passage.

    Raises:
        UnusableError: for something else than what `carried` gives.
    """
    if value is None:
        return {"passages": [{"offset": 0, "text": text}]}
    if not isinstance(value, Mapping):
        raise UnusableError("document", f"{KEY} is no object of JSON")
    try:
        passages = [
            {
                **{name: each[name] for name in ("kind", "heading") if name in each},
                "offset": each["offset"],
                "text": text[each["offset"] : each["offset"] + each["length"]],
            }
            for each in value["passages"]
        ]
        length = max((each["offset"] + each["length"] for each in value["passages"]), default=0)
    except (LookupError, TypeError) as error:
        raise UnusableError("document", f"{KEY} has no passages as were written") from error
    if length != len(text):
        passages = [{"offset": 0, "text": text}]
    names = ("meta", "relations", "topics")
    return {"passages": passages, **{name: value[name] for name in names if value.get(name)}}
