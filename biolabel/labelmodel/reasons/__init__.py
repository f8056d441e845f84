"""Why the label model believes what it does, how sure it is, and what looks wrong."""
