"""Plan x corpus to votes: kernels over columns, no loop over candidates."""
