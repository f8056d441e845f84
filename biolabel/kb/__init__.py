"""Ontologies and knowledge bases: catalog, terms, pairs, identifiers."""
