"""Other projects' checkpoints and data, read into creative_gen's own forms."""
