"""The pages in the browser: NiceGUI over the service functions."""

from biolabel.web.pages.mounted import mount

__all__ = ["mount"]
