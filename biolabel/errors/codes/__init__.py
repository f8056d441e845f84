"""The catalogue of error codes, one module a family."""
