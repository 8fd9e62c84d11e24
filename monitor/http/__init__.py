"""The HTTP client: bounded in time and size, kept out of private networks, silent on secrets."""

from monitor.http.client import HttpClient, HttpResponse
from monitor.http.redact import redact_url

__all__ = ["HttpClient", "HttpResponse", "redact_url"]
