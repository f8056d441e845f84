"""Where a request comes from: this server's own pages, another site's, or no browser at all.

Source: "Cross-Site Request Forgery Prevention Cheat Sheet" of OWASP (checking of origin and fetch
metadata); W3C, "Fetch Metadata Request Headers". Ports count: on 127.0.0.1 another port is another
program, to which a browser sends the same cookies.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""


def foreign(headers: Mapping[str, str]) -> bool:
    """Return whether a browser says that the request comes from anything but this server's pages."""
    site = headers.get("sec-fetch-site", "none")
    return site not in ("same-origin", "none") or (
        "origin" in headers and not _own(headers["origin"], headers)
    )


def own_page(headers: Mapping[str, str]) -> bool:
    """Return whether a browser says that the request comes from one of this server's pages."""
    return "origin" in headers and not foreign(headers)


def host_of(headers: Mapping[str, str]) -> str:
    """Return the host that a request names, in lower case and without port; empty without any."""
    try:
        return urlsplit(f"//{headers.get('host', '')}").hostname or ""
    except ValueError:
        return ""


def _own(origin: str, headers: Mapping[str, str]) -> bool:
    try:
        return urlsplit(origin).netloc.lower() == headers.get("host", "").lower()
    except ValueError:
        return False
