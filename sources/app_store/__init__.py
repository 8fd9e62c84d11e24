"""Reviews in Apple's App Store."""

from sources.app_store.source import AppStoreSource

__all__ = ["AppStoreSource"]
