"""Trained models on disk: their cards, finding them and checking them."""
