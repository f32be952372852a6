"""Compiled samplers and the arithmetic they share. Importing this package loads nothing."""
