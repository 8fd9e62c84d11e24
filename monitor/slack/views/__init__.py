"""A view for each thing that Slack shows: values in, messages, modals and the Home tab out."""
