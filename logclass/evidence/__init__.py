"""The measurements causes share: numbers read from the counts, and no verdicts."""
