"""Readers, text processing and the corpus store."""
