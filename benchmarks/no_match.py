"""What it costs to count a rule that does not match as a vote against: `python benchmarks/no_match.py`.

The votes of our rules on three corpora, fitted on the training part and scored on dev, once as they are,
and once written out: wherever a rule that finds something does not match, it votes `none`. Of such votes
the majority vote and the label model make something else. For words the label model notices that coding
(`biolabel/labelmodel/words/codings.py`), so that figure should stay the same.
"""

from dataclasses import replace

from frame import Row, write
from label_model_real import measures, own_soft
from label_model_votes import Part, RealVotes, real_votes
from label_model_words import written_out

from biolabel.labelmodel.params import Settings

METHODS = {"majority vote": Settings(method="majority"), "label model": Settings()}


def out(part: Part) -> Part:
    """Return a part with `none` for every miss of every rule that finds something."""
    return replace(part, matrix=written_out(part.matrix))


def main() -> None:
    """Write benchmarks/results/no_match.json."""
    rows = []
    for votes in real_votes():
        task = votes.train.matrix.task
        if not task.exclusive or "none" not in task.labels or votes.relations:
            continue
        filled: RealVotes = replace(votes, train=out(votes.train), dev=out(votes.dev))
        for name, found in (("as they are", votes), ("no match as a vote", filled)):
            for method, settings in METHODS.items():
                figure = measures(found, own_soft(found, settings))
                rows += [
                    Row(f"{votes.name}, {name}: {method}", figure[each], unit=each)
                    for each in ("F1", "ECE")
                ]
    write("no_match", rows)


if __name__ == "__main__":
    main()
