"""Files of each medium: read into values, and written with what they are of."""
