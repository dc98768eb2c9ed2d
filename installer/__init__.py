"""The Windows set-up: assembled on Linux, tried under wine (see README.md)."""
