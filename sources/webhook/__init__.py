"""Services that call us: survey tools, review sites, help desks."""

from sources.webhook.source import WebhookSource

__all__ = ["WebhookSource"]
