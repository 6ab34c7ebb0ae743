"""Papers for print."""
