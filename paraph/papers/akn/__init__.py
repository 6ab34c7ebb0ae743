"""Akoma Ntoso 3.0 out and in."""
