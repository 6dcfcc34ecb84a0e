"""kg: a folder of wiki-linked notes becomes a knowledge graph."""

__version__ = "0.1.0"
