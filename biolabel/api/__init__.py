"""The Python surface: what the commands do, as `biolabel.Pipeline`, with results that notebooks draw."""
