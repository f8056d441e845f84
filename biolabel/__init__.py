"""biolabel turns curators' rule files into labeled corpora, extraction models and knowledge bases."""

__version__ = "0.1.0"
