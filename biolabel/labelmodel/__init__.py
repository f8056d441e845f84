"""Votes of noisy, overlapping rules in, soft labels for all tasks out, without gold."""

from biolabel.labelmodel.model import fit, predict
from biolabel.labelmodel.params import Estimate, LabelModelParams, Settings, TaskParams
from biolabel.labelmodel.reasons import Concern, Reason, concerns, reasons
from biolabel.labelmodel.store import load, save

__all__ = [
    "Concern",
    "Estimate",
    "LabelModelParams",
    "Reason",
    "Settings",
    "TaskParams",
    "concerns",
    "fit",
    "load",
    "predict",
    "reasons",
    "save",
]
