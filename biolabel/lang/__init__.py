"""The rule language: parsing, names and types, diagnostics."""
