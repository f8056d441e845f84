"""Concept normalization: from mentions to ranked concepts."""
