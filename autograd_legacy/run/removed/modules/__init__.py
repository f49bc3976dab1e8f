"""Stand-ins for modules that are no more: each file is imported under its own name alone, by a program being run."""
