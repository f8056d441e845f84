"""What the text of a row alone tells: whether it is a word, its shape, its flags."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence

_NUMBER_WORDS = frozenset((
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred",
    "thousand", "million", "half",
))  # fmt: skip
_STOP_WORDS = frozenset((
    "a", "about", "above", "after", "again", "against", "all", "almost", "along", "already", "also",
    "although", "always", "am", "among", "an", "and", "another", "any", "are", "as", "at", "be",
    "because", "been", "before", "being", "below", "between", "both", "but", "by", "can", "could",
    "did", "do", "does", "doing", "done", "down", "during", "each", "either", "else", "ever", "every",
    "few", "for", "from", "further", "had", "has", "have", "having", "he", "hence", "her", "here",
    "hers", "herself", "him", "himself", "his", "how", "however", "i", "if", "in", "indeed", "into",
    "is", "it", "its", "itself", "just", "least", "less", "many", "may", "me", "might", "mine",
    "more", "most", "much", "must", "my", "myself", "neither", "never", "nevertheless", "no", "nor",
    "not", "now", "of", "off", "often", "on", "once", "one", "only", "onto", "or", "other", "others",
    "our", "ours", "ourselves", "out", "over", "own", "perhaps", "quite", "rather", "re", "same",
    "several", "shall", "she", "should", "since", "so", "some", "such", "than", "that", "the",
    "their", "theirs", "them", "themselves", "then", "there", "thereby", "therefore", "these", "they",
    "this", "those", "though", "through", "throughout", "thus", "to", "together", "too", "toward",
    "towards", "under", "until", "up", "upon", "us", "very", "via", "was", "we", "well", "were",
    "what", "when", "where", "whereas", "whether", "which", "while", "who", "whom", "whose", "why",
    "will", "with", "within", "without", "would", "yet", "you", "your", "yours", "yourself",
    "yourselves",
))  # fmt: skip
"""English words that carry grammar rather than content."""
_NUMBER = re.compile(r"\d+([.,]\d+)*")
_BRACKETS = frozenset("()[]{}<>")
_OTHER_RUN = re.compile(r"([^Xxd\n])\1{4,}")


def is_word(form: str) -> bool:
    """Return whether a row's text is a word, and no hard sign."""
    return form[0].isalnum() or form[0] == "_"


def _like_number(form: str) -> bool:
    return _NUMBER.fullmatch(form) is not None or form.lower() in _NUMBER_WORDS


FLAGS: Mapping[str, Callable[[str], bool]] = {
    "is_alpha": str.isalpha,
    "is_ascii": str.isascii,
    "is_bracket": _BRACKETS.__contains__,
    "is_currency": lambda form: unicodedata.category(form[0]) == "Sc",
    "is_digit": str.isdigit,
    "is_lower": str.islower,
    "is_punct": lambda form: not is_word(form),
    "is_stop": lambda form: form.lower() in _STOP_WORDS,
    "is_title": str.istitle,
    "is_upper": str.isupper,
    "like_num": _like_number,
}
"""The properties of words that their texts alone tell, by their names in the language."""


class _Shapes(dict[int, int]):
    """The sign that stands in a shape for each code point, made when it is first needed."""

    def __missing__(self, code: int) -> int:
        sign = chr(code)
        kind = "X" if sign.isupper() else "x" if sign.isalpha() else "d" if sign.isdigit() else sign
        self[code] = ord(kind)
        return self[code]


def shapes_of(forms: Sequence[str]) -> list[str]:
    """Return each word's shape: X for capitals, x for other letters, d for digits; runs end at 4."""
    # No row holds a line end, so all are turned into shapes at once.
    signs = "\n".join(forms).translate(_Shapes())
    for kind in "Xxd":
        signs = re.sub(f"{kind}{{5,}}", kind * 4, signs)
    return _OTHER_RUN.sub(r"\1\1\1\1", signs).split("\n") if forms else []
