"""Transformations of soft-labeled documents that keep offsets and labels exact."""
