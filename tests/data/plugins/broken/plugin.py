"""Does not even import."""

raise RuntimeError("a secret 0639980001 in a message")
