"""The language server of `biolabel lsp`: all features on one desk."""

from biolabel.lsp import asking, changing, editing, running
from biolabel.lsp.desk import RulesServer


def server() -> RulesServer:
    """Return a server that is ready to be started: `server().start_io()`."""
    made = RulesServer()
    for features in (editing, asking, changing, running):
        features.register(made)
    return made
