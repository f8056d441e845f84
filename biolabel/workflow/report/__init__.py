"""The report of a run: one HTML file that needs nothing beside it."""

from biolabel.workflow.report.data import ReportData, TaskReport
from biolabel.workflow.report.render import render, write_report

__all__ = ["ReportData", "TaskReport", "render", "write_report"]
