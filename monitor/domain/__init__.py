"""The nouns: frozen values and pure decisions about them, no input or output."""
