"""The digest of a period: what changed, why, whether it is a risk, and how sure all that is.

Its calculations are pure: counts in, values out. What reads the store, draws or sends calls them.
"""
