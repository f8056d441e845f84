"""Whether the pinned packages are what is installed, and whether flaws of them are known.

`make audit` asks nobody. `python tests/packaging/audit.py --known-flaws` also runs pip-audit, in an
environment of its own, which asks the package index about each pin.
"""

import json
import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

CONSTRAINTS = Path(__file__).resolve().parents[2] / "constraints.txt"
PROJECT = CONSTRAINTS.with_name("pyproject.toml")
_PIN = re.compile(r"==[^=*,;]+")
_UNPINNED = re.compile(r"nvidia-.*|cuda-.*|triton|pip|setuptools|wheel|biolabel")
"""What CONTRIBUTING.md and `pip freeze` leave out of the constraints."""


def pins(text: str) -> dict[str, str]:
    """Return the version of each package that constraints pin.

    Raises:
        ValueError: for a line that does not pin one version of one package.
    """
    found: dict[str, str] = {}
    for line in text.splitlines():
        written = line.partition("#")[0].strip()
        if not written:
            continue
        try:
            asked = Requirement(written)
        except InvalidRequirement as error:
            raise ValueError(f"{written}: {error}") from error
        if asked.url or not _PIN.fullmatch(str(asked.specifier)):
            raise ValueError(f"{written} pins no version")
        name = canonicalize_name(asked.name)
        if name in found:
            raise ValueError(f"{name} is pinned twice")
        found[name] = str(asked.specifier)[2:]
    return found


def differences(pinned: Mapping[str, str]) -> Iterator[str]:
    """Yield how what is installed differs from the pins: other versions, packages without a pin."""
    for name, wanted in pinned.items():
        try:
            there = version(name).partition("+")[0]
        except PackageNotFoundError:
            continue
        if there != wanted:
            yield f"{name} {there} is installed, {wanted} is pinned"
    for name in sorted(needed(own(PROJECT.read_text("utf-8"))) - pinned.keys()):
        if not _UNPINNED.fullmatch(name):
            yield f"{name} is needed and not pinned"


def needed(lines: Iterable[str]) -> set[str]:
    """Return the installed packages that requirements name, with what these need."""
    found: set[tuple[str, frozenset[str]]] = set()
    waiting = [(line, frozenset({""})) for line in lines]
    while waiting:
        line, extras = waiting.pop()
        asked = Requirement(line)
        key = canonicalize_name(asked.name), frozenset({"", *asked.extras})
        holds = asked.marker is None or any(asked.marker.evaluate({"extra": x}) for x in extras)
        if not holds or key in found:
            continue
        try:
            needs = distribution(key[0]).requires or []
        except PackageNotFoundError:
            continue
        found.add(key)
        waiting += [(each, key[1]) for each in needs]
    return {name for name, _ in found}


def own(pyproject: str) -> list[str]:
    """Return what biolabel itself needs, with all of its extras."""
    project = tomllib.loads(pyproject)["project"]
    extras = project["optional-dependencies"].values()
    return [*project["dependencies"], *(line for extra in extras for line in extra)]


def known_flaws(constraints: Path) -> tuple[int, list[str]]:
    """Ask about constraints with pip-audit, in a new environment; return how many pins it knows, and flaws.

    An index that says nothing of flaws, as mirrors do, knows none of them.
    """
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", "pip-audit"], check=True)
        options = ["--requirement", str(constraints), "--no-deps", "--disable-pip"]
        command = [str(python), "-m", "pip_audit", *options, "--format", "json"]
        done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
        return judged(done.stdout)


def judged(told: str) -> tuple[int, list[str]]:
    """Return how many packages an answer of pip-audit is about, and the flaws that it names.

    Raises:
        ValueError: for an answer that is none.
    """
    asked = [each for each in json.loads(told)["dependencies"] if "skip_reason" not in each]
    flaws = [
        f"{each['name']} {each['version']}: {flaw['id']}, mended in {', '.join(flaw['fix_versions'])}"
        for each in asked
        for flaw in each["vulns"]
    ]
    return len(asked), flaws


if __name__ == "__main__":
    pinned = pins(CONSTRAINTS.read_text("utf-8"))
    told = list(differences(pinned))
    sys.stdout.write("".join(f"{line}\n" for line in told))
    sys.stdout.write(f"{len(pinned)} packages are pinned, {len(told)} differences\n")
    if "--known-flaws" in sys.argv[1:]:
        asked, flaws = known_flaws(CONSTRAINTS)
        sys.stdout.write("".join(f"{line}\n" for line in flaws))
        sys.stdout.write(f"{len(flaws)} flaws are known of {asked} of {len(pinned)} packages\n")
        told += flaws
        if asked < len(pinned):
            told.append("some were not asked about")
    sys.exit(bool(told))
