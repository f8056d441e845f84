"""Reviewed assertions for others: one module a format."""
