"""The server: stored logs, people, peers, access, exchange, commands."""
