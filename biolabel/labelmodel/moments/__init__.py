"""Estimates from how often votes meet: sums over rows, which shards can add."""
