"""The slow, obvious reference interpreter: recursion over the tree for one candidate.

Nothing here is shared with the engine but the corpus, the syntax tree and the plan's declarations.
Each module says what one kind of construct means; `conditions.Reference` holds them all.
"""

from tests.property.reference.conditions import Reference
from tests.property.reference.page import Mention, Page, Rows

__all__ = ["Mention", "Page", "Reference", "Rows"]
