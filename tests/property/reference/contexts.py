"""What the scope of a context is."""

from dataclasses import dataclass

from biolabel.lang import tree
from tests.property.reference.regions import Regions


@dataclass(frozen=True)
class Contexts(Regions):
    """A candidate with the contexts that its rows stand in."""

    def in_scope(self, context: tree.ContextDecl, row: int) -> bool:
        """Return whether a row lies between a cue and what ends the cue's scope."""
        sides = (context.cues_before, True), (context.cues_after, False)
        stops = self.matches(context.stop_at, {}, False) if context.stop_at else set()
        false = self.matches(context.pseudo, {}, False) if context.pseudo else set()
        for cues, forward in sides:
            for cue in self.matches(cues, {}, False) if cues else ():
                if any(f[0] < cue[1] and cue[0] < f[1] for f in false):
                    continue
                number, unit = context.reach or (1, "sentences")
                beyond = (self.sentence(row) - self.sentence(cue[0])) * (1 if forward else -1)
                if not 0 <= beyond < (number if unit == "sentences" else 1):
                    continue
                if (row < cue[1]) if forward else (row >= cue[0]):
                    continue
                if forward and any(cue[1] <= stop[0] <= row for stop in stops):
                    continue
                if not forward and any(row < stop[1] <= cue[0] for stop in stops):
                    continue
                passed = self.words(cue[1], row) + 1 if forward else self.words(row, cue[0])
                passed += not forward and not self.is_word(row)
                if unit == "characters":
                    starts, ends = self.corpus.row_start, self.corpus.row_end
                    near, far = (cue[1] - 1, row) if forward else (row, cue[0])
                    passed = int(ends[far] - ends[near] if forward else starts[far] - starts[near])
                if unit == "sentences" or passed <= number:
                    return True
        return False
