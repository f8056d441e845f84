"""BL0xx to BL5xx: rule files, from their spelling to what their rules can mean."""

from collections.abc import Mapping

CODES: Mapping[str, str] = {
    # Spelling and layout
    "BL001": (
        "A line at the left margin starts a declaration with one of the declaration words, such as "
        "`rule`, `list` or `relation`. This line starts with something else: a misspelled word, or "
        "a line that belongs to the declaration above and should be indented."
    ),
    "BL002": (
        "Fields such as `votes:` belong to a declaration and must be indented. Put at least one "
        "blank before the field."
    ),
    "BL003": (
        'Texts stand in straight double quotes, "like this". Word processors turn them into curly '
        "quotes and put in blanks that cannot be seen; type the sign again in a plain text editor."
    ),
    "BL004": (
        'A text starts and ends on the same line with " and a regular expression with /. The '
        "closing sign is missing."
    ),
    "BL005": (
        "A bracket is opened and the field ends before it is closed, or one is closed that was never "
        "opened. The message points at the bracket without a partner."
    ),
    "BL006": (
        "The line is right up to this word or sign, which cannot follow there. The hint names what "
        "could stand here, if that is little. `and` and `or` join conditions; alternatives inside "
        "a pattern are joined by |."
    ),
    "BL007": (
        "A field is a name with a colon, and each kind of declaration has its own fields. This one "
        "is misspelled, lacks its colon, or belongs to another kind of declaration."
    ),
    "BL008": "The line ends where something more is needed, for instance after `and` or `has`.",
    "BL009": (
        "The first line of a rule file names the version of the language, `biolabel 1`, so that a "
        "later biolabel can read the file in the way it was meant."
    ),
    "BL010": (
        "Words with a meaning inside conditions, votes and patterns (`between`, `title`, ...) and "
        "the built-in contexts cannot be names, nor can names hold a dot, which stands between the "
        "name of an import and the name in it."
    ),
    "BL011": (
        "This field may stand only once in a declaration. Fields that add up, such as `words:`, "
        "`unless:` or `matches:`, may be repeated."
    ),
    "BL012": (
        "The value is not one that this field or condition takes: the message lists the words that "
        "it takes, or the range of the number. Percentages such as 85% are fractions, 0.85."
    ),
    "BL013": (
        "Declarations start at the left margin. This one is indented and would be read as part of "
        "the declaration above it."
    ),
    "BL014": (
        "Brackets or negations are nested so deeply that nobody can follow them. Give the inner "
        "parts names with `pattern` or `condition`."
    ),
    "BL015": (
        "Rule files are UTF-8 text. This file is in another encoding, or no text at all; save it "
        "as UTF-8."
    ),
    # Names
    "BL101": (
        "A name is used that nothing in this file or its imports has. It may be misspelled, or be "
        'meant as literal text, which stands in "quotes".'
    ),
    "BL102": (
        "Two declarations, labels, arguments or settings have the same name, so that it is unclear "
        "which one is meant. `import ... as NAME` keeps imported names apart."
    ),
    "BL103": (
        "The name is known, but belongs to another kind of declaration than can stand here, for "
        "instance a knowledge base where a pattern is needed."
    ),
    "BL104": (
        "Every rule and condition is about one task, and every relation takes its mentions from an "
        "entity task or from the corpus (`mentions: given`). There is no task of this name, or it "
        "is unclear which one is meant."
    ),
    "BL105": (
        "A condition or example speaks of an argument that its task does not have. The arguments "
        "are in the brackets of the relation; an entity task has the argument `span`, a document "
        "task has none."
    ),
    "BL106": "Nothing in the program uses this list, pattern, condition or context.",
    "BL107": (
        "Declarations that need each other cannot be evaluated in any order. A task can ask for the "
        "votes of earlier tasks only."
    ),
    "BL108": (
        "A rule file does not exist or cannot be opened. The path of an import is relative to the "
        "folder of the file that imports it."
    ),
    "BL109": "`import ... only` asks for a name that the imported file does not define.",
    "BL110": (
        "A vote, condition, example or constraint names a label that its task does not list in "
        "`labels:`. Entity and relation tasks have the label `none` too; a document task that "
        "picks one has it only if its `labels:` name it, because documents are about something."
    ),
    "BL111": (
        "Rules and conditions can be used only by rules and conditions of the same task, because "
        "they speak about the same candidates. For other tasks there is `any TASK voted LABEL`."
    ),
    "BL112": "Files that import each other have no first one. Move what they share into a third.",
    "BL113": (
        "In square brackets stand tests of one word: attributes such as [lemma=cause] and "
        "properties such as [is_upper]. This is none of them."
    ),
    "BL114": (
        "The types of arguments, contexts and bystanders are labels of an entity task. No entity "
        "task that is meant here has this label."
    ),
    "BL115": (
        "`section is NAME` and `section NAME` ask for sections by their kind or heading. No section "
        "with this name is declared, and it is none of the usual headings, so it may hold nowhere: a "
        "slip, or a heading of your own documents, which a `section NAME` declaration makes known."
    ),
    # Rules and tasks
    "BL201": (
        "`find:` makes the spans that an entity rule votes on. The candidates of relation and "
        "document tasks are there before their rules run; test them with `when:`."
    ),
    "BL202": "A rule is a labeling function: `votes:` or `case:` must say which label it gives.",
    "BL203": (
        "Without a condition, a rule would vote on every candidate, and an entity rule without "
        "`find:` on every word. That says nothing about any of them."
    ),
    "BL204": (
        "This condition compares the two arguments of a relation. The task has no such pair, or "
        "more than two arguments, so that the pair must be named."
    ),
    "BL205": (
        "With `scope: sentence` both arguments stand in one sentence, so `sentences_apart` is "
        "always 0 and the condition always or never holds."
    ),
    "BL206": (
        "The pairs of the knowledge base are about other types than the arguments, so no pair of "
        "this task can ever be in it."
    ),
    "BL207": "The declaration lacks a field without which it says nothing.",
    "BL208": (
        "`keep(...)` marks the part of a `find:` pattern that becomes the span. Elsewhere it means "
        "nothing, and it cannot contain another `keep`."
    ),
    "BL209": (
        "Distances are counted in words or characters, `sentences_apart` and `shared_sentences` in "
        "sentences, `path_length` in edges; counts and metadata have no unit."
    ),
    "BL210": "Whatever the text, this condition has the same value, so it tells nothing.",
    "BL211": (
        "Two parts of a declaration do not go together: `votes:` with `case:`, `never:` with `if:`, "
        "or `votes: found type` without a `find:` that finds something."
    ),
    "BL212": (
        "A pattern with parameters is used as `use NAME(a, b)`, with as many patterns as it has "
        "parameters; a pattern without parameters by its name alone."
    ),
    "BL214": (
        "`with evidence` and `KB.SUBSET` need the column of the knowledge base that holds the evidence "
        "or the subset, and its `columns:` names none. Without it the condition would never be known."
    ),
    "BL215": (
        "`applies_to:` of a context says which types of mentions it is about. The argument is of none "
        "of them, so it would never be in the context."
    ),
    "BL216": (
        "A vote tells labels apart. This one leaves all of them possible, or none, or is the same "
        "whatever the condition says."
    ),
    "BL217": (
        "`via` says how the terms of an ontology or list are found: exactly, in the plural, as an "
        "abbreviation. The pattern names none, so there is nothing to look up."
    ),
    "BL218": (
        "A rule or condition holds because a knowledge base does not have a pair (`not pair in KB`), and "
        "that base does not say that it is complete. What a curated base lacks may be true all the same, "
        "so absence counts only where `complete: yes` says so. Under `unless:` any base may be asked."
    ),
    "BL219": (
        "A vote says of each label of its task whether it is still possible, in one number of 64 bits, so "
        "that a task has at most 62 labels, `none` among them. Join labels that are rare, or make several "
        "tasks of it, such as one for what a document is about and one for each kind of it."
    ),
    "BL231": (
        "`most_mentioned`, `first_mentioned` and `only_one` compare the concepts of a document. The "
        "spans that entity rules find get concepts only when all rules have voted."
    ),
    "BL232": (
        "Metadata, such as the year or the headings of a document, are texts and numbers beside its "
        "text: no mention stands in them, and no span is found there."
    ),
    "BL233": (
        "`found type` votes for the type of what was found: that of an ontology or of a mention. The "
        "pattern must name one, and its type must be a label of the task."
    ),
    # Patterns
    "BL301": "The regular expression is not valid; the caret shows where reading it failed.",
    "BL302": (
        "Patterns are sequences of words, but a /regex/ works on characters across words, so it "
        "can only stand alone or as an alternative. [text=/.../] tests the characters of one word."
    ),
    "BL303": (
        "Every part of this pattern is optional, so it would match between any two words. At least "
        "one part must be required."
    ),
    "BL304": "With fewer than three letters beside *, a wildcard matches almost every word.",
    "BL305": (
        "Look-around and back-references work only with Python's own engine, one text at a time, "
        "which takes about 50 times longer. Often a `when:` and an `unless:` say the same."
    ),
    "BL306": 'Texts match in any case. To tell NO from no, write exact "NO".',
    "BL307": (
        "A repeat or gap goes from a smaller to a larger number, and a pattern repeats at most 8 "
        "times."
    ),
    "BL308": (
        "Hyphens count as blanks, in patterns and in texts, so that word borders do not depend on "
        "the tokenizer. A hyphen at the border of a text therefore does nothing."
    ),
    "BL309": (
        "The signs * (any ending or beginning) and ~ (any inflection) stand at the border of a "
        "word. Inside a word they match nothing."
    ),
    "BL310": "A text of blanks, hyphens, slashes or quotes alone holds no word that could match.",
    "BL311": (
        "A gap stands for words between two parts of a pattern. At its border it adds words that "
        "need not be there, so it changes nothing where only a match counts (it does in `starts "
        "with`, `ends with`, in counts, and in the spans of `find:`)."
    ),
    "BL312": (
        "Entries of a list are separated by commas, and a line end is no comma: words on two lines "
        "without one are a single entry of several words."
    ),
    "BL313": (
        "Names in patterns, conditions and lists stand for what they name, and that for what it names. "
        "Written out, this would be too much to look for."
    ),
    "BL314": (
        "A repeat of something that itself repeats, such as (a+)+, can be cut up in so many ways that "
        "one sentence may take for ever. It means the same without the inner repeat: (a)+."
    ),
    "BL315": (
        "Looking for the regular expression in one text took more than two seconds, as there are too "
        "many ways to cut that text up, so the run stopped instead of hanging. Repeats of the same signs "
        "behind each other, a*a*a*b, are the usual cause; look-around keeps an expression from the "
        "fast engine, which has no such limit."
    ),
    # Plans
    "BL392": (
        "Rule files may come from anywhere, so the Python functions that they name run only if the "
        "command says `--allow-python`. Everything else in the language is safe to run."
    ),
    # What rules need to be there
    "BL402": (
        "A rule file names a column that the table, or the ontology format, does not have: in "
        "`columns:`, as what `where:` asks for, or because no column is called `id`, `name`, "
        "`subject` or `object` and `columns:` does not say which one it is."
    ),
    "BL403": (
        "The filters of an ontology (`where:`, `under:`, `not_under:`, `min_length:`, `stop:`, "
        "`drop:`) leave no term at all, so no rule that looks it up could ever vote. The message says "
        "how many names each filter removed."
    ),
    "BL404": (
        "Lemmas and parts of speech come from a tagger, dependency paths from a parser. The "
        "`pipeline` names none, so the rule would always abstain."
    ),
    # Examples
    "BL501": (
        "An inline example does not hold: the rule, condition or pattern abstains on a text of "
        "`matches:`, or fires on one of `rejects:`. `biolabel why` shows each part of it on that text."
    ),
    "BL502": (
        "In examples {chemical: Heparin} marks an argument, {other Chemical: morphine} a bystander "
        "and {text} the span to find. This mark is empty, has no partner, or stands twice."
    ),
    "BL503": (
        "An example of a relation rule marks every argument of the relation, so that it is one "
        "candidate."
    ),
    "BL504": (
        "Over the whole corpus the rule never voted. The message names the part of it that never "
        "held; a word may be misspelled, a gap too short, or the corpus about something else."
    ),
    "BL505": (
        "An example that is marked as still to do holds now. Move it to `matches:` or `rejects:`, "
        "where it keeps the rule from getting worse again."
    ),
    "BL506": (
        "The `precision:` that the rule claims lies outside the 95 % interval (Wilson) of what it "
        "reached against gold. The label model starts from the claim."
    ),
    "BL507": (
        "Examples show what a rule means and are run as its tests. This rule has none; one in "
        "`matches:` and one in `rejects:` are a good start."
    ),
    "BL508": (
        "Two rules vote alike wherever one of them votes, so they are one source of evidence that "
        "counts twice. Remove one, or say with `group:` that they belong together."
    ),
    "BL509": (
        "The rule votes only where another rule, or an earlier case of its own, gives the same vote. "
        "It adds nothing as long as the other one stands."
    ),
    "BL510": (
        "The entry of a list, or the names of an ontology, occur nowhere in the corpus. That costs "
        "nothing, but may be a slip of the pen."
    ),
    "BL511": (
        "A name of one word stands in many documents of the corpus, hardly more than once in each, or "
        "in most of them. Names of things come in bursts; this one is likely an everyday word that "
        "some source has as a name, such as the brand Same. Stop lists keep it out."
    ),
}
