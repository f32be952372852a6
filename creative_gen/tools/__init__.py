"""The tools that creative_gen has plugins for: where they are, what is installed, what is wrong."""
