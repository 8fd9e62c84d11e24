"""Slack: `cards`, `entries`, `modals`, `home`, `listing` write, `submitted` reads, `limits` weighs,
`sender` sends.
"""
