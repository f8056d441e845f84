"""What text processing found in short texts, kept as JSON between runs.

To load spaCy for the few examples that have two sentences takes longer than all rules do.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, astuple
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from biolabel.data.documents import Document
from biolabel.data.files import replacing_file
from biolabel.resources import cache_root
from biolabel.text.build import Abbreviation, Annotate, Annotation
from biolabel.text.pipeline import UNTRAINED, Pipeline

_LIBRARIES = ("spacy", "scispacy", "pysbd")


def keeping(pipeline: Pipeline, start: Callable[[], Annotate]) -> Annotate:
    """Return text processing that is started only for documents that it has never seen.

    Results are known by the texts, the pipeline and the versions of its libraries, and lie in the
    cache folder; a cache that cannot be read or written costs time and nothing else. What trained
    pipelines find is not kept: their names do not say their versions.
    """
    if pipeline.trained() or pipeline.tokens not in UNTRAINED:
        return lambda document: start()(document)
    versions = cache(lambda: [version(name) for name in _LIBRARIES])

    def annotate(document: Document) -> Annotation:
        path = _path(pipeline, versions(), document)
        with suppress(OSError, ValueError, LookupError, TypeError):
            return _read(json.loads(path.read_bytes()))
        found = start()(document)
        shorts = [astuple(each) for each in found.abbreviations]
        kept = {"sentence_starts": found.sentence_starts, "abbreviations": shorts}
        with suppress(OSError), replacing_file(path) as temporary:
            temporary.write_text(json.dumps(kept), encoding="utf-8")
        return found

    return annotate


def _path(pipeline: Pipeline, versions: list[str], document: Document) -> Path:
    texts = [(passage.offset, passage.text) for passage in document.passages]
    known_as = json.dumps([asdict(pipeline), versions, texts]).encode()
    return cache_root() / "annotations" / f"{hashlib.sha256(known_as).hexdigest()[:32]}.json"


def _read(found: Mapping[str, Any]) -> Annotation:
    shorts = (tuple(map(int, places)) for places in found["abbreviations"])
    return Annotation(
        tuple(map(int, found["sentence_starts"])), tuple(Abbreviation(*each) for each in shorts)
    )
