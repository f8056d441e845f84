"""The tests mirror the package: biolabel/x/y.py has tests/unit/x/test_y.py."""

from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
DECLARATIONS = {
    "lang/tree": "frozen classes, tested through the parser",
    "errors/codes": "texts of the catalog, tested as a whole",
}
"""Folders without tests of their own, and why."""
COVERED_ELSEWHERE: dict[str, str] = {
    "api/outcomes.py": "what a notebook shows, tested by test_results.py beside it",
    "workflow/importing.py": "reads what is exported, tested by test_exchange.py beside it",
    "lang/program.py": "frozen classes, tested through the linker",
    "text/formats/format.py": "a frozen class, tested through the formats",
    "data/labels.py": "frozen classes, tested through the label model",
    "data/training.py": "frozen classes, tested through the augmentation",
    **dict.fromkeys(
        (f"lsp/{name}.py" for name in ("asking", "changing", "desk", "editing", "server")),
        "what a client sees, tested by tests/e2e/test_lsp.py",
    ),
    **dict.fromkeys(
        (
            f"web/pages/{name}.py"
            for name in (
                *("document", "documents", "editing", "editor", "found", "layout", "mounted"),
                *("overview", "rule", "rules", "site"),
            )
        ),
        "what a browser shows, tested by tests/e2e/test_pages.py",
    ),
    **dict.fromkeys(
        (f"web/pages/{name}.py" for name in ("curate", "sitting", "waiting")),
        "what a curator sees, tested by tests/e2e/test_curate.py",
    ),
    "cli/curating.py": "tables and lines, tested by test_curate.py and test_users.py beside it",
    **dict.fromkeys(
        (f"curation/store/{name}.py" for name in ("content", "reviewed", "rows")),
        "what goes in comes out, tested by tests/unit/curation/store/test_imports.py",
    ),
    **dict.fromkeys(
        (f"curation/store/{name}.py" for name in ("append_only", "audit", "tables")),
        "what a database holds, tested by test_decisions.py, test_users.py and test_migrate.py",
    ),
    **dict.fromkeys(
        (
            f"curation/store/migrations/{name}.py"
            for name in (
                "env",
                *(f"versions/v{each}" for each in ("0001_review", "0002_users", "0003_grams")),
            )
        ),
        "run by alembic, tested by tests/unit/curation/store/test_migrate.py",
    ),
    "apply/declared.py": "tested by tests/unit/workflow/test_marks.py, which asks for its marks",
    "workflow/report/data.py": "frozen classes, tested through the report",
}
"""Modules without a test file of their own, and where they are tested."""


def modules() -> list[Path]:
    """Return the modules that need a mirror, relative to the package."""
    package = CHECKOUT / "biolabel"
    paths = (path.relative_to(package) for path in sorted(package.rglob("*.py")))
    return [
        path
        for path in paths
        if path.name not in ("__init__.py", "__main__.py")
        and path.parent.as_posix() not in DECLARATIONS
    ]


def mirror(module: Path) -> Path:
    """Return where the tests of a module belong."""
    return CHECKOUT / "tests" / "unit" / module.parent / f"test_{module.name}"


def test_every_module_has_its_tests() -> None:
    missing = [
        module.as_posix()
        for module in modules()
        if not mirror(module).is_file() and module.as_posix() not in COVERED_ELSEWHERE
    ]
    assert missing == []


def test_exemptions_are_needed() -> None:
    package = CHECKOUT / "biolabel"
    assert [folder for folder in DECLARATIONS if not (package / folder).is_dir()] == []
    assert [
        module
        for module in COVERED_ELSEWHERE
        if not (package / module).is_file() or mirror(Path(module)).is_file()
    ] == []
