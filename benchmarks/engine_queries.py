"""What `engine.py` looks for: 50 token patterns, ours beside spaCy's, and 60 regular expressions."""

Tests = list[dict[str, object]]
"""spaCy's tests of one word after the other."""


def word(*forms: str) -> dict[str, object]:
    """Return spaCy's test of one word."""
    return {"LOWER": {"IN": list(forms)}} if len(forms) > 1 else {"LOWER": forms[0]}


def like(source: str) -> dict[str, object]:
    """Return spaCy's test of one word by an expression."""
    return {"LOWER": {"REGEX": source}}


def gap(low: int, high: int) -> dict[str, object]:
    """Return spaCy's test of a number of words of any kind."""
    return {"OP": f"{{{low},{high}}}"}


PHRASES = (
    "due to", "associated with", "side effects", "in patients with", "was associated with",
    "risk factor", "no effect", "caused by", "as a result of", "after treatment with",
    "in the treatment of", "adverse events", "plasma levels", "dose dependent", "significant increase",
)  # fmt: skip
PATTERNS: tuple[tuple[str, Tests], ...] = (
    *((f'"{phrase}"', [word(each) for each in phrase.split()]) for phrase in PHRASES),
    ('"induced" | "caused"', [word("induced", "caused")]),
    ('"treat*"', [like("^treat")]),
    ('"inhibit*"', [like("^inhibit")]),
    ('"*emia"', [like("emia$")]),
    ('"*toxic*"', [like("toxic")]),
    ('"hepat*" "*itis"', [like("^hepat"), like("itis$")]),
    ('"acute" "*"', [word("acute"), like(r"^\w")]),
    ('("side" | "adverse") ("effects" | "reactions")',
     [word("side", "adverse"), word("effects", "reactions")]),
    ('("a" | "an" | "the") "increase*" "in"', [word("a", "an", "the"), like("^increase"), word("in")]),
    ('("cause" | "causes" | "caused") ..4 "by"', [word("cause", "causes", "caused"), gap(0, 4), word("by")]),
    ('"patients" ..5 "with"', [word("patients"), gap(0, 5), word("with")]),
    ('"no" ..3 ("effect" | "difference")', [word("no"), gap(0, 3), word("effect", "difference")]),
    ('"develop*" ..6 ("after" | "during")', [like("^develop"), gap(0, 6), word("after", "during")]),
    ('"increase*" ..2 "in" ..3 "pressure"',
     [like("^increase"), gap(0, 2), word("in"), gap(0, 3), word("pressure")]),
    ('"between" ..4 "and"', [word("between"), gap(0, 4), word("and")]),
    ('"effects" ..3 "on"', [word("effects"), gap(0, 3), word("on")]),
    ('"not" ..2 "significant*"', [word("not"), gap(0, 2), like("^significant")]),
    ('"treated" ..3 "with"', [word("treated"), gap(0, 3), word("with")]),
    ('"history" ..2 "of"', [word("history"), gap(0, 2), word("of")]),
    ('"dose*" ..1 "of"', [like("^dose"), gap(0, 1), word("of")]),
    ('"induced" ..2 "by"', [word("induced"), gap(0, 2), word("by")]),
    ('"compared" ..3 "placebo"', [word("compared"), gap(0, 3), word("placebo")]),
    ('"very"? "high" "dose*"', [{"LOWER": "very", "OP": "?"}, word("high"), like("^dose")]),
    ('"the" "of"{0,1} "rats"', [word("the"), {"LOWER": "of", "OP": "?"}, word("rats")]),
    ('[lower=mice] | [lower=rats]', [word("mice", "rats")]),
    ('[like_num] ("patients" | "rats")', [{"LIKE_NUM": True}, word("patients", "rats")]),
    ('[is_upper] "receptor"', [{"IS_UPPER": True}, word("receptor")]),
    ('[is_title] "syndrome"', [{"IS_TITLE": True}, word("syndrome")]),
    ('[is_digit] ("mg" | "ml")', [{"IS_DIGIT": True}, word("mg", "ml")]),
    ('[shape=XXX] "cells"', [{"SHAPE": "XXX"}, word("cells")]),
    ('[text=/^[A-Z]{2,}\\d+$/]', [{"TEXT": {"REGEX": r"^[A-Z]{2,}\d+$"}}]),
    ('[lower=/olol$/] ..3 "and"', [like("olol$"), gap(0, 3), word("and")]),
    ('"(" [is_upper] ")"', [word("("), {"IS_UPPER": True}, word(")")]),
    ('"p" ("<" | "=") [like_num]', [word("p"), word("<", "="), {"LIKE_NUM": True}]),
    ('"which" "was"{1,2} "*ed"', [word("which"), {"LOWER": "was", "OP": "{1,2}"}, like(r"\wed$")]),
)  # fmt: skip
REGEXES: dict[str, tuple[str, ...]] = {
    "endings and beginnings of words": (
        r"\b[a-z]{3,}olol\b",
        r"\b[a-z]{3,}(?:pril|sartan)s?\b",
        r"\b[a-z]{2,}statins?\b",
        r"\b\w+mycin\b",
        r"\b[a-z]+(?:cillin|cycline|oxacin)s?\b",
        r"\b\w+(?:zepam|zolam)\b",
        r"\b[a-z]{4,}(?:itis|itides)\b",
        r"\b[a-z]{4,}a?emias?\b",
        r"\b\w+opath(?:y|ies)\b",
        r"\b[a-z]{3,}ases?\b",
        r"\b\w{4,}(?:algia|plegia|uria|penia)\b",
        r"\b(hepato|nephro|cardio|neuro|oto)toxic(ity)?\b",
        r"\bhyper\w+\b",
        r"\banti[a-z]{4,}\b",
    ),
    "numbers with units, doses, ages": (
        r"\b\d+(\.\d+)?\s*(mg|ml|g|micrograms?)(/kg)?\b",
        r"\b\d+(?:\.\d+)?\s?%",
        r"\b\d+(?:[.,]\d+)?\s*(?:mg|g|ml)\s*/\s*(?:kg|m2|day|d|h)\b",
        r"\b\d+\s*(?:to|-)\s*\d+\s*(?:mg|years?|weeks?|days?|hours?)\b",
        r"\b\d+(?:-|\s)(?:year|month|week|day)s?(?:-|\s)old\b",
        r"\b\d+\s*(?:days?|weeks?|months?|years?|h|hours?|min)\b",
        r"\b\d+(?:\.\d+)?\s*(?:[mun]M|[mn]mol)(?:/[lL])?\b",
        r"\b(?:IC50|EC50|LD50|Ki)\b[^.;]{0,40}\b[mun]M\b",
    ),
    "p-values and other statistics": (
        r"\b(p|P)\s*(<|=)\s*0?\.\d+",
        r"\bn\s*=\s*\d+",
        r"\b95\s?%\s*(?:CI|confidence interval)",
        r"\b(?:OR|RR|HR)\s*[=:,]?\s*\d+\.\d+",
        r"\d+(?:\.\d+)?\s*(?:\+/-|±)\s*\d+(?:\.\d+)?",
        r"\b\d+\s*(?:of|/)\s*\d+\s+(?:patients|rats|mice|cases)\b",
        r"\b(19|20)\d\d\b",
    ),
    "names of genes, mutations and substances": (
        r"\b[A-Z]{2,4}-?\d{2,}\b",
        r"\b[A-Z][A-Z0-9]{2,5}\b",
        r"\b[A-Z]\d{1,4}[A-Z]\b",
        r"\b(?:CYP|UGT|ABC)\d?[A-Z]\d*\b",
        r"\b\d+(?:,\d+)*-[a-z]{4,}(?:ine|ol|one|ate|ide)\b",
        r"\[\d{1,3}[A-Z][a-z]?\]-?\w+",
        r"\b(?:alpha|beta|gamma)-?\d?[A-Za-z]?\b",
    ),
    "words with hyphens": (
        r"\b\w+-induced\b",
        r"\b\w+-(associated|related|dependent)\b",
        r"\bnon-[a-z]+\b",
        r"\b[A-Z][a-z]+(?:-[A-Z][a-z]+)+ (?:syndrome|disease)\b",
    ),
    "signs in brackets": (
        r"\([A-Z]{2,6}\)",
        r"\b[a-z]+ [a-z]+ \([A-Z]{2,5}s?\)",
        r"\[[^\]]{3,30}\]",
        r"\((?:n|p|P) ?[=<] ?[\d.]+\)",
    ),
    "phrases": (
        r"\b(acute|chronic) (renal|hepatic|heart|liver) (failure|injury)\b",
        r"\b(?:did|does|do) not (?:\w+ )?(?:cause|induce|increase)\b",
        r"\b[Ii]ncidence of [a-z]+(?: [a-z]+)?\b",
        r"\b(?:side|adverse) (?:effects?|events?|reactions?)\b",
        r"\brisk (?:factors? )?(?:of|for)\b",
        r"\b[a-z]+(?:ing|ed) (?:the )?(?:risk|rate)s?\b",
        r"\b(?:due|secondary|attributed) to\b",
        r"\b(?:caused|induced|produced) by (?:the )?\w+",
        r"\b(?:after|following) \w+ (?:administration|treatment|therapy)\b",
        r"\b(?:patients|subjects) (?:who|that|with) (?:had |were )?\w+",
    ),
    "in any case": (
        r"(?i)\b(?:hepatitis|cirrhosis|jaundice)\b",
        r"(?i)\bcase (?:report|series)\b",
        r"(?i)\b(?:background|objectives?|methods|results|conclusions?):",
    ),
    "look-ahead, look-behind, back-reference": (
        r"\b[a-z]+(?= toxicity\b)",
        r"(?<=treated with )[a-z]+",
        r"\b(\w+) and \1\b",
    ),
}
"""What curators write, by kind, fixed before the engine was tuned on it.

Kinds are those of the rules of tasks/ and of docs/language; none is left out because it is slow.
"""
