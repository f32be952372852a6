"""M2: a VAE that learns to classify from a few labels and many unlabelled examples.

Kingma et al., 2014, "Semi-supervised learning with deep generative models", section 3.1.
"""
