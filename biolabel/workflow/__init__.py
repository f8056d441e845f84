"""Stages with typed input and output on disk, each kept until what it reads changes."""
