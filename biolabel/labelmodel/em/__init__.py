"""EM in which silence is evidence, dependent functions are one source, and rows differ in pace."""
