"""The plugin interface: the tasks a tool may ask for, and what it gets back."""
