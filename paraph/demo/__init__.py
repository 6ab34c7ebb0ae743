"""Programmes that a newcomer can play: the Union State on 23 February 2021."""
