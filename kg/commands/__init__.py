"""One file for each command: it reads arguments and prints; the verb is in the library."""
