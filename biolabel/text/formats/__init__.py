"""Corpus formats: one module each, and `known`, which tells them by the names of files."""
