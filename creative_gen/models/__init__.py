"""The model families, one folder each; nothing here knows which there are."""
