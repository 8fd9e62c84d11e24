"""The sections of a digest, one file each, found by their names."""
