"""What the Python functions of `functions.py` look for: expressions, modifiers and windows of words.

All expressions are compiled once. They read texts in which every word and sign has a blank behind it.
"""

import re
from dataclasses import dataclass

from pairs import Mention


def gap(most: int) -> str:
    """Return an expression for any signs and at most so many words."""
    return rf"(?:[^\w\s] )*(?:\w\S* (?:[^\w\s] )*){{0,{most}}}"


def any_of(*options: str) -> str:
    """Return an expression for one of the options, each made of whole words."""
    return rf"(?:(?:{'|'.join(options)}) )"


CAUSE = any_of(
    r"cause[sd]?", "causing", r"induce[sd]?", "inducing", r"produce[sd]?", "producing",
    r"provoke[sd]?", "provoking", r"precipitate[sd]?", "precipitating", r"elicit(?:s|ed|ing)?",
    r"trigger(?:s|ed|ing)?", r"result(?:ed|ing)? in", r"leads? to", "led to", "leading to",
    "associated with", r"evoke[sd]?", "evoking", r"exacerbat\w*", r"aggravat\w*",
    r"worsen(?:s|ed|ing)?",
)  # fmt: skip
CAUSED_BY = any_of(
    r"(?:induced|caused|produced|provoked|evoked|precipitated|elicited|triggered) by", "due to",
    r"(?:secondary|attributed|attributable|related) to", "resulting from", "associated with",
)  # fmt: skip
TREAT = any_of(
    r"(?:treat|effective|prevent|therap|protect|manage|prophyla|improv|ameliorat|alleviat|attenuat"
    r"|reliev|revers|antagoni|suppress|abolish)\w*",
    "efficacy", "beneficial", r"block(?:s|ed|ing)?",
)  # fmt: skip
EXPOSURE = any_of(
    r"(?:inject|administrat|overdos)\w*", r"administer(?:s|ed|ing)?", r"infusions?", "exposure",
    "ingestion", "withdrawal", "therapy", "treatment", r"doses?", "receiving", "received", "taking",
    "given", "use of",
)  # fmt: skip
PATIENTS = any_of(
    r"patients?", r"subjects?", "child", "children", "women", "woman", "men", "man", r"rats?", "mice",
    "mouse", r"infants?", "boy", "girl", r"volunteers?", r"animals?", r"adults?",
)  # fmt: skip

INDUCED_BY = re.compile(gap(2) + CAUSED_BY + gap(2))
COMPOUND = re.compile(any_of("induced|associated|related|mediated|dependent|evoked") + gap(1))
NEAR_CAUSE = re.compile(gap(6) + CAUSE + gap(4))
AFTER_DRUG = re.compile(
    gap(6) + any_of("after", "following", "during", "while (?:taking|receiving)") + gap(5)
)
DEVELOPED = re.compile(r"\b" + any_of(r"(?:develop|experienc|occurr|appear)\w*") + gap(5) + "$")
EXPOSED = re.compile(rf"\b{EXPOSURE}")
DRUG_DEVELOPED = re.compile(gap(12) + any_of(r"(?:develop|experienc|present)\w*") + gap(6))
SIDE_EFFECT = re.compile(
    r"\b" + any_of(r"side effects?", r"adverse (?:effects?|reactions?)", "toxicity", r"complications?")
    + gap(2) + "of " + gap(3) + "$"
)  # fmt: skip
RISK = re.compile(r"\b" + any_of("risk of", "incidence of", "risk for") + "$")
MORE = re.compile(
    r"\b" + any_of("incidence", "frequency", "more often", "higher", r"increase[sd]?", "increasing")
    + "|% "
)  # fmt: skip
CASE = re.compile(r"\b" + any_of(r"cases?", "report", "describe", "year old") + gap(10) + "$")
CASE_DRUG = re.compile(
    gap(8)
    + any_of("after", "following", "during", "associated with", "due to", "induced by", "with", "on",
             "while")
    + gap(5)
)  # fmt: skip
DOSE = re.compile(
    gap(3) + any_of("mg", "kg", r"doses?", "dosed", "dosing", "infusion", r"injections?", "overdose",
                    "ingestion", "intoxication") + gap(12)
)  # fmt: skip
STOPPED = re.compile(
    r"\b"
    + any_of(r"discontinu\w*", "withdrawn", "withdrawal of", "rechallenge", "cessation", "stopped")
)
TREATS = re.compile(rf"\b{TREAT}")
TREATMENT_OF = re.compile(
    r"\b" + any_of("treatment of", r"treat\w*", "management of", r"prevent\w*", "therapy of",
                   "therapy for", "effective in")
)  # fmt: skip
DRUG_FOR = re.compile(
    gap(4) + any_of("for", "in") + gap(3)
    + f"{any_of('treatment', 'therapy', 'management', 'prophylaxis', 'prevention')}?(?:of )?" + gap(1)
)  # fmt: skip
PATIENTS_WITH = re.compile(r"\b" + PATIENTS + any_of("with", "suffering from", "who had") + "$")
INDUCED_BEFORE = re.compile(r"\b(?:induced|associated) $")
INDUCED_AFTER = re.compile(r"(?:induced|associated) ")
REVERSAL = re.compile(
    gap(4) + any_of(r"(?:revers|antagoni|abolish|prevent|attenuat|protect|block|reduc|improv)\w*")
    + gap(6)
)  # fmt: skip
LEVEL_AFTER = re.compile(
    any_of(r"level(?:s|ed|ing|led|ling)?", r"concentrations?", "clearance", "excretion", "release",
           r"channels?", r"receptors?", "uptake", "synthesis", "metabolism", "content")
)  # fmt: skip
LEVEL_BEFORE = re.compile(
    r"\b" + any_of("serum", "plasma", "blood", "urinary", "urine", "measured", "endogenous") + "$"
)
UNSPECIFIC = re.compile(
    any_of(r"tumou?rs?", r"cancers?", "toxicity", "toxicities", "neurotoxicity", "neurotoxic", "injury",
           r"complications?")
)  # fmt: skip
TITLE_DRUG = re.compile(
    gap(8)
    + any_of("after", "following", "during", "associated with", "due to", "induced by", "caused by",
             "secondary to", "from", "with", "by", "related to")
    + gap(6)
)  # fmt: skip
TREATMENT_BEFORE = re.compile(
    r"\b" + any_of("treatment", "therapy", "management", "prophylaxis", r"prevent\w*", r"protect\w*",
                   "efficacy", r"effective\w*", r"attenuat\w*", r"ameliorat\w*") + gap(6) + "$"
)  # fmt: skip


@dataclass(frozen=True)
class Modifier:
    """Cues before and after a mention that make it negated, historical or hypothetical."""

    before: re.Pattern[str]
    after: re.Pattern[str] | None = None

    def holds(self, mention: Mention) -> bool:
        """Return whether a cue reaches the mention."""
        if self.before.search(mention.before):
            return True
        return self.after is not None and self.after.match(mention.after) is not None


def reach(words: int, stops: str = "") -> str:
    """Return an expression for fewer words than a cue reaches, and any signs, none a stop."""
    signs = r"[^\w\s;:] " if stops else r"[^\w\s] "
    word = rf"(?!(?:{stops}) )\w\S* " if stops else r"\w\S* "
    return rf"(?:{signs})*(?:{word}(?:{signs})*){{0,{words - 1}}}"


_NEGATED = reach(6, "but|however|although|though|whereas|except")
_HYPOTHETICAL = reach(6, "but|because|however")
NEGATED = Modifier(
    re.compile(
        r"\b(?:"
        r"(?:(?:did|does) )?(?<!whether or )not (?!only |certain |observed )"
        r"|no (?!increase |doubt |longer )(?:evidence of )?"
        r"|without |(?:absence|lack|free) of |never |neither |nor |ruled out |fail(?:s|ed|ing)? to )"
        + _NEGATED + "$"
    ),
    re.compile(
        _NEGATED
        + any_of("(?:was|were) ruled out", "did not occur", "(?:was|were) not(?! only| certain)",
                 "not observed", "absent")
    ),
)  # fmt: skip
HISTORICAL = Modifier(
    re.compile(
        r"\b" + any_of("history of", "previous(?:ly)?", "past", "prior", "pre ?existing", "underlying")
        + reach(4) + "$"
    )
)  # fmt: skip
HYPOTHETICAL = Modifier(
    re.compile(
        r"\b" + any_of(
            "if", "whether", r"(?:possib|suspect|hypothes|susceptib)\w*", r"risk(?:s|ed|ing)? (?:of|for)",
            "to (?:investigate|assess|determine|evaluate|examine)", "potential", "in order to",
            r"model(?:s|ed|ing|led|ling)? of",
        ) + _HYPOTHETICAL + "$"
    ),
    re.compile(
        _HYPOTHETICAL
        + any_of("(?:is|was) suspected", "cannot be excluded", "should be considered")
    ),
)  # fmt: skip


def window(mention: Mention, words: int, *, after: bool) -> str:
    """Return up to so many words before a mention, or also the mention and as many behind it."""
    tokens, start = mention.sentence.tokens, mention.sentence.first
    low, left = mention.first - start, words
    while low > 0 and left > 0:
        low -= 1
        left -= tokens[low][0].isalnum()
    high = mention.first - start
    if after:
        high, left = mention.end - start, words
        while high < len(tokens) and left > 0:
            left -= tokens[high][0].isalnum()
            high += 1
    return " ".join(tokens[low:high]) + " "
