"""General words of abstracts: groups that can stand for each other, and words that can be left out.

A group keeps part of speech, number and tense, so that the sentence around stays right. None says
whether something was found, denied, caused or treated: such words are what relations are read from.
"""

SYNONYMS: tuple[tuple[str, ...], ...] = (
    ("also", "likewise"),
    ("although", "though"),
    ("among", "amongst"),
    ("approximately", "about", "roughly"),
    ("assess", "evaluate", "appraise"),
    ("assessed", "evaluated", "appraised"),
    ("clarify", "elucidate"),
    ("commonly", "often", "frequently"),
    ("conducted", "performed", "undertaken"),
    ("consequently", "hence", "thus"),
    ("considerable", "substantial", "sizeable"),
    ("considerably", "substantially", "markedly"),
    ("currently", "presently"),
    ("describe", "present"),
    ("described", "presented"),
    ("designed", "planned", "devised"),
    ("determine", "establish", "ascertain"),
    ("determined", "established", "ascertained"),
    ("different", "differing", "distinct"),
    ("employed", "used", "utilized"),
    ("enrolled", "recruited"),
    ("entire", "whole"),
    ("essential", "crucial", "vital"),
    ("examine", "investigate", "explore"),
    ("examined", "investigated", "explored"),
    ("findings", "results"),
    ("fully", "completely"),
    ("generally", "usually", "normally"),
    ("goal", "aim", "objective"),
    ("however", "nevertheless", "nonetheless"),
    ("importance", "relevance"),
    ("important", "relevant"),
    ("initial", "first"),
    ("initially", "firstly"),
    ("large", "big"),
    ("larger", "bigger"),
    ("main", "chief", "principal"),
    ("mainly", "chiefly", "mostly", "largely"),
    ("measured", "recorded"),
    ("method", "approach", "technique"),
    ("methods", "approaches", "techniques"),
    ("moreover", "furthermore", "additionally"),
    ("namely", "specifically"),
    ("numerous", "many"),
    ("observed", "seen", "noted"),
    ("obtained", "gathered", "collected"),
    ("particularly", "especially"),
    ("performed", "conducted", "done"),
    ("presumably", "supposedly"),
    ("previously", "formerly"),
    ("primarily", "chiefly"),
    ("purpose", "aim"),
    ("rapid", "quick", "fast"),
    ("rapidly", "quickly", "swiftly"),
    ("rarely", "seldom"),
    ("required", "needed"),
    ("researchers", "investigators"),
    ("selected", "chosen"),
    ("several", "various"),
    ("showed", "demonstrated", "revealed"),
    ("shown", "demonstrated"),
    ("similar", "comparable"),
    ("similarly", "comparably"),
    ("studied", "investigated", "examined"),
    ("studies", "investigations"),
    ("study", "investigation"),
    ("subsequent", "later", "following"),
    ("subsequently", "later", "afterwards"),
    ("sufficient", "enough"),
    ("suggest", "indicate", "imply"),
    ("suggested", "indicated", "implied"),
    ("suggests", "indicates", "implies"),
    ("therefore", "hence", "accordingly"),
    ("toward", "towards"),
    ("typical", "characteristic"),
    ("unclear", "uncertain"),
    ("whereas", "while"),
    ("widely", "broadly"),
)

_OMISSIBLE = """
    accordingly additionally again also altogether apparently approximately basically certainly
    clearly closely commonly completely considerably consistently currently directly easily entirely
    especially essentially evidently exactly extensively extremely finally fairly fully further
    furthermore generally greatly hence highly importantly indeed initially interestingly largely
    likewise mainly markedly merely moreover mostly namely newly notably obviously often originally
    otherwise overall partly particularly perhaps possibly potentially presently presumably
    previously primarily principally quite rapidly rather readily really recently relatively
    remarkably respectively similarly simply simultaneously slightly somewhat specifically still
    strikingly strongly subsequently substantially successfully surprisingly thereby therefore thus
    truly typically usually very virtually widely
"""
OMISSIBLE: frozenset[str] = frozenset(_OMISSIBLE.split())
