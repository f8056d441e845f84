"""`python -m biolabel` is `biolabel`, also where its script is not on the path."""

from biolabel.cli import main

main()
