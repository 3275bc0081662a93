"""Speed against a peer on the same work in the same run. `make bench` prints; nothing here is asserted in a test."""
