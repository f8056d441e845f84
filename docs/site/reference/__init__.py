"""The pages that are made from code at each build of the documentation."""
