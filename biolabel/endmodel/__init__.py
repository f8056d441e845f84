"""The end model: one encoder pass a document, one head a task, trained on soft labels."""
