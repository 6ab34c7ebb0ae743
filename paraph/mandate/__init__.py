"""What never leaves this node: positions, fallback lines, visas, notes."""
