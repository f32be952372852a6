"""Values that tools and models exchange, and the files they are read from and written to."""
