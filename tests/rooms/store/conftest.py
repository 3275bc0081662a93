"""The fixtures of this room."""

from tests.rooms.store.fixtures import bench, book, server

__all__ = ["bench", "book", "server"]
