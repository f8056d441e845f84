"""Tasks on words: chains of neighbors, and codings of votes."""
