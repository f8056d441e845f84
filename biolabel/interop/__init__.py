"""Votes, soft labels and reasons in the forms of other tools; what each holds of ours, and what not."""
