"""Where alerts are shown: values in, messages out."""
