"""A Django backend whose SQLite files lie on a simulated disk: the store's own code on real SQLite under power loss."""
