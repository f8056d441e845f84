"""What programs may send: texts and numbers that every database can keep; and what they are sent."""

from collections.abc import Callable, Iterator
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Path, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from biolabel.curation.known import Status
from biolabel.curation.queue import MAX_LIMIT, Filters, Order
from biolabel.curation.queue import Query as Asked
from biolabel.curation.review import State, Verdict

T = TypeVar("T")

LONGEST_COMMENT = 4_000
"""Characters of a comment."""
LARGEST = 2**63 - 1
"""The largest number that databases keep."""


def _plain(text: str) -> str:
    if "\0" in text:
        raise ValueError("a text has no NUL character")
    return text


Text = Annotated[str, Field(max_length=200), AfterValidator(_plain)]
"""A short text: a name, a CURIE, a word to search."""
Comment = Annotated[str, Field(max_length=LONGEST_COMMENT), AfterValidator(_plain)]
"""What a curator has to say."""
Id = Annotated[str, Path(pattern="^[0-9a-f]{16}$", description="An assertion's id.")]
"""An assertion's id in a path."""
Number = Annotated[int, Path(ge=1, le=LARGEST, description="A decision's id.")]
"""A decision's id in a path."""


class QueueQuery(BaseModel):
    """Which assertions, in which order; what is left out does not filter."""

    model_config = ConfigDict(extra="forbid")

    order: Order = "probability"
    task: Text | None = None
    state: Annotated[list[State], Field(max_length=10)] = []
    status: Annotated[list[Status], Field(max_length=10)] = []
    concept: Annotated[list[Text], Field(max_length=50)] = []
    descendants: bool = Field(
        default=True, description="Also concepts below `concept` in its ontology."
    )
    journal: Text | None = None
    year_from: int | None = Field(default=None, ge=0, le=9999)
    year_to: int | None = Field(default=None, ge=0, le=9999)
    rule: Text | None = None
    text: Text | None = None
    min_probability: float | None = Field(default=None, ge=0, le=1)
    gone: bool = Field(
        default=False, description="What no run asserts anymore, but somebody decided on."
    )
    after: Text | None = Field(default=None, description="Where the page before ended.")
    limit: int = Field(default=50, ge=1, le=MAX_LIMIT)

    def asked(self, below: Callable[[frozenset[str]], frozenset[str]]) -> Asked:
        """Return the query; below: adds what stands below concepts in their ontologies."""
        concepts = frozenset(self.concept)
        if self.descendants and concepts:
            concepts = below(concepts)
        filters = Filters(
            task=self.task,
            states=tuple(self.state),
            status=tuple(self.status),
            concepts=concepts if self.concept else None,
            journal=self.journal,
            years=(self.year_from, self.year_to),
            rule=self.rule,
            text=self.text,
            min_probability=self.min_probability,
            gone=self.gone,
        )
        return Asked(self.order, filters, self.after, self.limit)


_LISTS = frozenset({"state", "status", "concept"})


async def _in_query(request: Request) -> QueueQuery:
    """Return the queue query of a URL.

    FastAPI looks at fifteen parameters one by one, which takes as long as finding the page.

    Raises:
        RequestValidationError: for what is no query.
    """
    given = request.query_params
    sent = {name: given.getlist(name) if name in _LISTS else given[name] for name in given}
    try:
        return QueueQuery.model_validate(sent)
    except ValidationError as error:
        found = [{**each, "loc": ("query", *each["loc"])} for each in error.errors()]
        raise RequestValidationError(found) from error


def _described() -> Iterator[dict[str, Any]]:
    """Yield the parameters of a queue query as OpenAPI describes them."""
    for name, field in QueueQuery.model_json_schema()["properties"].items():
        schema = {key: value for key, value in field.items() if (key, value) != ("default", None)}
        told = {key: field[key] for key in ("description",) if key in field}
        yield {"name": name, "in": "query", "required": False, "schema": schema, **told}


InQuery = Annotated[QueueQuery, Depends(_in_query)]
"""A queue query in the URL; an unknown parameter is refused, not passed over."""
QUEUE_PARAMETERS: dict[str, Any] = {"parameters": list(_described())}
"""What OpenAPI says of a route that takes one."""


class NewVerdict(BaseModel):
    """A verdict about an assertion, or about one row of its evidence.

    key: any text that names this click: sent again, such as after a lost answer, it is kept once.
    """

    model_config = ConfigDict(extra="forbid")

    verdict: Verdict
    comment: Comment = ""
    evidence: Annotated[str, Field(pattern="^[0-9a-f]{16}$")] | None = None
    key: Text | None = None


class Undo(BaseModel):
    """Why a decision is taken back."""

    model_config = ConfigDict(extra="forbid")

    comment: Comment = ""


def as_json(adapter: TypeAdapter[T], value: T, status: int = 200) -> Response:
    """Return a value as JSON; it is our own, so it is not checked again, which would take longer."""
    return Response(adapter.dump_json(value), status, media_type="application/json")
