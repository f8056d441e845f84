"""The database of curation: assertions of the last run, decisions, users, the audit log."""

from biolabel.curation.store.audit import AuditEntry, read_audit, write_audit
from biolabel.curation.store.database import FILE, Database, open_database
from biolabel.curation.store.decisions import (
    VERDICTS,
    adjudicate,
    all_decisions,
    decide,
    deciding,
    history,
    undo,
    undoing,
)
from biolabel.curation.store.imports import Loaded, load, run_of, tasks_of
from biolabel.curation.store.reviewed import one, one_json, reviewed
from biolabel.curation.store.users import (
    ROLES,
    add_user,
    change_user,
    check_password,
    get_user,
    list_users,
)

__all__ = [
    "FILE",
    "ROLES",
    "VERDICTS",
    "AuditEntry",
    "Database",
    "Loaded",
    "add_user",
    "adjudicate",
    "all_decisions",
    "change_user",
    "check_password",
    "decide",
    "deciding",
    "get_user",
    "history",
    "list_users",
    "load",
    "one",
    "one_json",
    "open_database",
    "read_audit",
    "reviewed",
    "run_of",
    "tasks_of",
    "undo",
    "undoing",
    "write_audit",
]
