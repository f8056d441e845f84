"""What pages and API show, as plain types: no page, no request, neither torch nor spaCy."""
