"""Runs requests: picks the asset, checks the options, relays events, cancels."""
