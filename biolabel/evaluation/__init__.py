"""What rules, models and their probabilities are worth: scores, calibration, thresholds."""
