"""Checked program to plan: what each labeling function tests, in an order that can run."""
