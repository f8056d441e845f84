"""Concept normalization as a product of its own: documents in, ranked concepts of their mentions out."""
