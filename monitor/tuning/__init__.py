"""Rules tried on what has come already, before anybody is called by them."""
