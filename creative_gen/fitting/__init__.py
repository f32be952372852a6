"""Fits Keras networks for a given time, in runs that a kill does not lose."""
