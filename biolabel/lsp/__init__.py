"""The language server: what editors ask about rule files, answered without spaCy and torch."""
