"""Planted votes: label matrices whose truth and best possible soft labels are known."""
