"""BL8xx: label models (BL80x, BL81x), end models (BL82x, BL83x) and augmentation (BL84x)."""

from collections.abc import Mapping

CODES: Mapping[str, str] = {
    "BL801": (
        "A label matrix lists votes as (candidate, labeling function, mask), sorted, with at most "
        "one vote of a function on a candidate, and every number within the task. These votes "
        "break that, so they were not made by `biolabel apply`, or were changed since."
    ),
    "BL802": (
        "A vote is a set of labels that are still possible: at least one, and none that the task "
        "lacks. A task has two labels or more (one is enough where it may pick many) and at most "
        "62, the bits of a mask."
    ),
    "BL803": (
        "The precision of a rule is the share of its votes that its author expects to be right, "
        "a number above 0 and at most 1."
    ),
    "BL804": (
        "The votes of each task belong to a task of the task graph, which says in which document "
        "each candidate lies. The votes and the graph come from different rule files or corpora."
    ),
    "BL805": (
        "A setting of the label model is outside its range: `method` is em or majority, "
        "`precision` lies between 0 and 1, `anchor`, `balance` and `max_iterations` are above 0, "
        "`tolerance` lies between 0 and 1."
    ),
    "BL806": (
        "A fitted label model knows the tasks, labels and labeling functions that it was fitted "
        "with. Rules may be left out afterwards, but new or renamed ones need a new fit."
    ),
    "BL807": (
        "Constraints speak about all rows of a document: `any` or `every` row of a task that picks "
        "one label. The label model cannot yet use constraints that bind the same argument in "
        "several terms, that concern a task which may pick many labels, or that link tasks by more "
        "than eight distinct terms."
    ),
    "BL808": (
        "Hard constraints (`strength: always`) leave no labels that satisfy them all, in general "
        "or for some document. Weaken one of them, or correct its labels."
    ),
    "BL809": (
        "A constraint names a task that does not exist, allows every label or none, has no "
        "condition, or has a strength that is no probability above 0."
    ),
    "BL810": (
        "The folder does not hold a label model that this version of biolabel wrote: a file is "
        "missing, damaged or of another version."
    ),
    "BL811": (
        "With fewer than three labeling functions, agreement cannot tell which of them is right, "
        "so the soft labels say little more than the stated precisions. Add rules that look at "
        "something else."
    ),
    "BL812": (
        "Where other rules vote as well, they agree with this one less often than chance would "
        "make them. Check its label and its examples."
    ),
    "BL813": (
        "The label model sees almost no row with this label. Either no rule votes for it, or rules "
        "for other labels outvote it everywhere."
    ),
    "BL814": (
        "On most rows with votes, only one rule votes, so the task is as good as that rule and "
        "nothing can correct it. Add rules for other evidence."
    ),
    "BL815": (
        "The label model was stopped by `max_iterations` before its soft labels stood still. They "
        "can be used, but more steps would change them."
    ),
    "BL840": (
        "A transformation is applied to a share of the concepts of a document, which is a number "
        "from 0 (never) to 1 (always). Write `rate = 0.3` for three in ten."
    ),
}
