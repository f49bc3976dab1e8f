"""The part of Python's `distutils`, removed in 3.12, that programs use when they run: version and util.strtobool."""
