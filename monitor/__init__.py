"""The running system: collect feedback, analyse it, decide, deliver, follow up."""

__version__ = "0.2.0"
