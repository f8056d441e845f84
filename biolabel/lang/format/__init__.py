"""The formatter: one look for all rule files, with the author's words, order and comments."""

from biolabel.lang.format.source import Formatted, format_text, formatted

__all__ = ["Formatted", "format_text", "formatted"]
