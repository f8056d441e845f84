"""Votes of noisy, overlapping rules in, soft labels for all tasks out, without gold."""
