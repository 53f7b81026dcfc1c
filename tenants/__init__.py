"""Districts, their hosts and keys, and the isolation of one from another."""
