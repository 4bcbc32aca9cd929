"""The rules of a scheme: standard library only, no clock, no I/O."""
