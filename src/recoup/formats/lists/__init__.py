"""List formats: sanctions and warning lists to entries."""
