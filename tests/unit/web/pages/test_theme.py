"""Contrasts of the theme (WCAG 2.2, success criteria 1.4.3 and 1.4.11), in both schemes."""

import re
from pathlib import Path

import pytest

import biolabel.web.pages

THEME = Path(biolabel.web.pages.__file__).with_name("theme.css").read_text(encoding="utf-8")


def colors(scheme: str) -> dict[str, str]:
    """Return the named colors of a scheme."""
    light, dark = re.findall(r"(?::root|body\.body--dark) \{(.*?)\n\}", THEME, re.DOTALL)
    named = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", light))
    return named | (
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", dark)) if scheme == "dark" else {}
    )


def luminance(color: str) -> float:
    """Return the relative luminance of a color (WCAG 2.2)."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colors."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["bg", "surface", "raised"])
@pytest.mark.parametrize("ink", ["ink", "muted", "accent", "good", "bad", "warn"])
def test_words_can_be_read(scheme: str, ground: str, ink: str) -> None:
    named = colors(scheme)
    assert contrast(named[ink], named[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marks_and_buttons_can_be_seen(scheme: str) -> None:
    named = colors(scheme)
    assert contrast(named["on-accent"], named["accent"]) >= 4.5
    for number in range(1, 7):
        assert contrast(named[f"mark-{number}"], named["surface"]) >= 3


def test_nothing_is_loaded_from_elsewhere() -> None:
    assert "url(" not in THEME
    assert "@import" not in THEME


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colored_words_of_rules_can_be_read(scheme: str) -> None:
    named = colors(scheme)
    for name in re.findall(r"\.t-\w+ \{ color: var\(--([\w-]+)\)", THEME):
        assert contrast(named[name], named["surface"]) >= 4.5, name
