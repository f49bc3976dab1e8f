"""What a run of the tests needs of its surroundings."""

import signal

# A run in the background may ignore Ctrl-C, and the programs that tests start, to interrupt them, would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
