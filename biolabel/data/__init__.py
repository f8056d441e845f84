"""The types that cross layers."""
