"""The local server that tools speak to; the wire is in docs/wire.md.

What it does with requests is in this process, which loads no NumPy and no model; what it does
with media and models is in `worker`, a process of its own.
"""
