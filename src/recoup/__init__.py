"""Recoup: from the first victim's complaint to that victim's money back.

Each package below is one room of the house (`HOUSE.md`); value flows through them one way.
"""

__version__ = "0.1.0"
