"""A page: a template of this package filled in, one file without references to anything outside."""

from pathlib import Path

from biolabel.data.files import replacing_file
from biolabel.errors import RunError


def page(template: str, **values: object) -> str:
    """Return a template's HTML; all text in the values is escaped but what is `Markup`."""
    # Few commands write a page.
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("biolabel.workflow.report", "template"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(**values)


def write_text(path: Path, text: str) -> None:
    """Write a result that a user named a file for, in place of a former one.

    Raises:
        RunError: BL906 when the file cannot be written.
    """
    try:
        with replacing_file(path) as temporary:
            temporary.write_text(text, encoding="utf-8")
    except OSError as error:
        raise RunError("BL906", f"cannot write {path}: {error.strerror}") from error
