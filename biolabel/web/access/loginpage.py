"""The login page: plain HTML without scripts, so that nobody gets a live connection before a login."""

from jinja2 import Environment

_PAGE = Environment(autoescape=True).from_string(
    """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>biolabel: log in</title>
<style>
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; min-height: 100vh; display: grid;
       place-items: center; background: light-dark(#f6f7f9, #14181d); color: light-dark(#1b2430, #e8ecf1); }
form { width: min(22rem, 90vw); padding: 2rem; border-radius: 12px; box-sizing: border-box;
       background: light-dark(#fff, #1d232b); box-shadow: 0 1px 12px #0003; }
h1 { font-size: 1.4rem; margin: 0 0 1.2rem; }
label { display: block; font-weight: 600; margin: 1rem 0 .3rem; }
input { width: 100%; box-sizing: border-box; padding: .6rem .7rem; font: inherit; border-radius: 6px;
        border: 1px solid light-dark(#8a94a3, #6d7886); background: transparent; color: inherit; }
button { margin-top: 1.5rem; width: 100%; padding: .7rem; font: inherit; font-weight: 600; border: 0;
         border-radius: 6px; background: #0b5cab; color: #fff; cursor: pointer; }
:is(input, button):focus-visible { outline: 3px solid light-dark(#0b5cab, #7cc0ff); outline-offset: 2px; }
p[role=alert] { padding: .6rem .8rem; border-radius: 6px; margin: 0;
                background: light-dark(#fdecea, #4a1d1a); color: light-dark(#7a1410, #ffd9d6); }
</style>
</head>
<body>
<main>
<form method="post" action="/login">
<h1>biolabel</h1>
{% if wrong %}<p role="alert">{{ wrong }}</p>{% endif %}
{% if named %}
<label for="name">Name</label>
<input id="name" name="name" value="{{ name }}" autocomplete="username" required autofocus>
<label for="secret">Password</label>
<input id="secret" name="secret" type="password" autocomplete="current-password" required>
{% else %}
<label for="secret">Token</label>
<input id="secret" name="secret" type="password" autocomplete="off" required autofocus
       aria-describedby="where">
<p id="where">It stands in the URL that <code>biolabel serve</code> printed.</p>
{% endif %}
<input type="hidden" name="to" value="{{ to }}">
<button>Log in</button>
</form>
</main>
</body>
</html>
"""
)


def login_page(*, named: bool, to: str, name: str = "", wrong: str = "") -> str:
    """Return the page as HTML, everything in it escaped; `wrong` says why the last try failed."""
    return _PAGE.render(named=named, to=to, name=name, wrong=wrong)
