"""Curation in the browser: a JSON API and pages over the same service functions."""
