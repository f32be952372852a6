"""How good made pictures are, beside real ones."""
