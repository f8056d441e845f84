"""Joint inference under the constraints of the task graph."""
