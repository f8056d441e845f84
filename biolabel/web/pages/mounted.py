"""The pages on an application: their addresses, and how NiceGUI runs there."""

from fastapi import FastAPI, Request
from nicegui import ui

from biolabel.web.pages.curate import curate_page
from biolabel.web.pages.document import document_page
from biolabel.web.pages.documents import documents_page
from biolabel.web.pages.editor import editor_page
from biolabel.web.pages.overview import overview_page
from biolabel.web.pages.rule import rule_page
from biolabel.web.pages.rules import rules_page
from biolabel.web.pages.site import Site
from biolabel.web.service.concepts import Concepts
from biolabel.web.service.curating import Desk


def mount(app: FastAPI, site: Site) -> None:
    """Mount the pages on an application behind its routes, which come first.

    NiceGUI knows one application a process; so this is called once in a process.
    """

    @ui.page("/")
    def _overview() -> None:
        overview_page(site)

    @ui.page("/rules")
    def _rules(task: str = "") -> None:
        rules_page(site, task)

    @ui.page("/rule")
    def _rule(name: str = "") -> None:
        rule_page(site, name)

    @ui.page("/editor")
    def _editor(file: str = "", rule: str = "") -> None:
        editor_page(site, file, rule)

    @ui.page("/documents")
    def _documents(part: str = "") -> None:
        documents_page(site, part)

    @ui.page("/document")
    def _document(part: str = "", id: str = "", system: str = "") -> None:
        document_page(site, part, id, system)

    desk = Desk(site.results, site.database, Concepts(site.results).below)

    @ui.page("/curate")
    def _curate(request: Request) -> None:
        curate_page(desk, request.query_params)

    ui.run_with(
        app,
        title="biolabel",
        tailwind=False,
        language="en-US",
        dark=None,
        show_welcome_message=False,
        reconnect_timeout=10.0,
    )
