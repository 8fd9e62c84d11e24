"""Notifiers, which show alerts somewhere, and the words that all of them use."""
