"""Data sets, fit recipes and export of trained models."""
