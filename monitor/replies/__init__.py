"""Replies to customers: drafted, approved, published, and what came of them."""
