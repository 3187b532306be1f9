"""logclass reads exported auth logs and names why token authentication broke."""

__version__ = "0.1.0"
