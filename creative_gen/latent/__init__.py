"""Latent spaces of pictures: walks, directions and arithmetic in them, and what plays them."""
