"""The names of policies and transformations, for settings that are read before anything else."""

from collections.abc import Mapping
from typing import Literal, get_args

Policy = Literal["none", "all", "random", "mean-field", "learned"]
POLICIES: tuple[Policy, ...] = get_args(Policy)
Name = Literal["synonyms", "entities", "pairs", "abbreviations", "words", "masking"]
NAMES: tuple[Name, ...] = get_args(Name)
RATES: Mapping[Name, float] = {
    "synonyms": 0.5,
    "entities": 0.5,
    "pairs": 0.5,
    "abbreviations": 0.5,
    "words": 0.3,
    "masking": 0.3,
}
"""How often a transformation changes what it could: a concept, a pair, a form, a word."""
