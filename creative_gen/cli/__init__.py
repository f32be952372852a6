"""The command `creative-gen`."""
