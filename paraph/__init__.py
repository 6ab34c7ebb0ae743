"""Paraph: the working system of delegations that negotiate, agree and carry out an integration programme."""

__version__ = "0.1.0"
