"""Exports as downloads: what `biolabel export` writes, in one zip file."""

import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Annotated, Literal, get_args

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse
from pydantic import BaseModel
from starlette.background import BackgroundTask

from biolabel.curation.store import Database, write_audit
from biolabel.web.access.asking import Viewer
from biolabel.web.api.sent import Text
from biolabel.web.problems import refusals
from biolabel.workflow.results import Results

Format = Literal[
    "kgx", "tsv", "jsonl", "bioc-json", "bioc-xml", "pubtator", "brat", "nanopub", "kb", "gold"
]
"""The formats of `biolabel export`; a test holds them to its own list."""


class Exportable(BaseModel):
    """A format that assertions can be downloaded in."""

    format: Format


def exports_router(results: Results, database: Database, where: str) -> APIRouter:
    """Return the routes of downloads; where: the database's path or URL, with its password."""
    router = APIRouter(prefix="/api", tags=["exports"])

    @router.get("/exports", responses=refusals(401))
    def formats(person: Viewer) -> list[Exportable]:
        """List the formats."""
        del person
        return [Exportable(format=each) for each in get_args(Format)]

    @router.get(
        "/exports/{format}",
        response_class=FileResponse,
        responses={
            200: {"description": "A zip file.", "content": {"application/zip": {}}},
            **refusals(400, 401, 422),
        },
    )
    def download(
        person: Viewer,
        format: Format,
        accepted: Annotated[
            bool | None, Query(description="Only accepted assertions; default: as is usual.")
        ] = None,
        min_probability: Annotated[float, Query(ge=0, le=1)] = 0.0,
        name: Annotated[Text, Query(description="Of a knowledge base.")] = "reviewed",
        license: Annotated[Text, Query(description="Of nanopublications, its address.")] = "",
    ) -> FileResponse:
        """Write the assertions with their evidence in a format, and send them as a zip file."""
        # It reads documents, which takes seconds to import; most servers never export.
        from biolabel.workflow.export import export, order_of

        folder = Path(tempfile.mkdtemp(prefix="biolabel-export-"))
        try:
            order = order_of(
                format,
                folder / "files",
                accepted=accepted,
                min_probability=min_probability,
                name=name,
                license=license,
            )
            order.out.mkdir()
            done = export(results, order, where)
            packed = _packed(folder / f"{format}.zip", order.out)
            detail = {"format": format, "assertions": done.assertions}
            write_audit(database, person.name, "export", detail)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return FileResponse(
            packed,
            media_type="application/zip",
            filename=packed.name,
            background=BackgroundTask(shutil.rmtree, folder, ignore_errors=True),
        )

    return router


def _packed(path: Path, folder: Path) -> Path:
    """Return a zip file of everything in a folder."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for each in sorted(folder.rglob("*")):
            if each.is_file():
                file.write(each, each.relative_to(folder).as_posix())
    return path
