"""tregua: an open laboratory of gang truces."""

__version__ = "0.1.0"
