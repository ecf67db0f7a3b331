"""The staff import: from one pull of Clever to reviewed, applied accounts."""
