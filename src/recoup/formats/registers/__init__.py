"""Register formats: outside statements of ownership to parties and holdings."""
