"""Saved messages: .eml, .msg and .mbox files."""
