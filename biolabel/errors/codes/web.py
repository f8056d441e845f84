"""BL970 to BL989: the server, who may use it, and what it refuses."""

from collections.abc import Mapping

CODES: Mapping[str, str] = {
    "BL970": (
        "The server answers nobody whom it does not know. Open the URL that `biolabel serve` "
        "printed, which has the token, or log in with your name. A session also ends after hours "
        "without use, after a week, and when an admin changes the person's role or password."
    ),
    "BL971": (
        "A role does not allow this: viewers look, curators also decide, admins also settle "
        "disputes, manage users and read the audit log."
    ),
    "BL972": (
        "A request that changes something came from a page of another site, or without the "
        "session's token in the header X-CSRF-Token. Browsers send what any page asks them to, so "
        "such requests are refused. `GET /api/session` tells a program its token."
    ),
    "BL973": "The name, the password or the token is not right, or an admin has disabled the user.",
    "BL974": (
        "Too many logins failed in a short time, from this address or for this name. The message "
        "says when the next one is answered."
    ),
    "BL975": "A request is larger than anything that the server is meant to receive.",
    "BL976": (
        "A request has a part that the server does not understand: a missing field, an unknown "
        "name, a value out of range. The message names the part; /api/openapi.json describes all."
    ),
    "BL977": "The server has nothing at this address, or does not answer such a request there.",
    "BL978": (
        "A request names another host than this server, which a page of another site can bring a "
        "browser to do (DNS rebinding). If the server is reached under a name of its own, "
        "`--allow-host NAME` says so."
    ),
    "BL979": (
        "A server that other machines can reach needs users with passwords, because the token of "
        "its URL would travel and cannot be taken from one person. `biolabel curate users add` "
        "makes users; without any, the server stays on this machine (127.0.0.1)."
    ),
    "BL980": "The address or port cannot be used. Another server may have it: name another --port.",
    "BL981": (
        "The server needs packages that are not installed with biolabel itself: "
        "`pip install 'biolabel[server]'`."
    ),
    "BL982": (
        "Something in biolabel went wrong that should not: a mistake of ours. Nothing that was "
        "acknowledged is lost. The server's own output has the details."
    ),
    "BL983": "The certificate or its key cannot be used to serve https.",
}
