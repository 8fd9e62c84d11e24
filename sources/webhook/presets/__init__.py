"""One file for each service that calls us; its name is the preset."""
