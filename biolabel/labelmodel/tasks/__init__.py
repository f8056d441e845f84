"""Tasks fitted together: those that share rows, and those that come by the hundred."""
