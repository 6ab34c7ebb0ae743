"""Whole programmes under faults: real rules, fold, exchange and handlers; simulated disks, lines, clocks.

`disk` keeps what a node has made durable and loses the rest, `line` carries requests badly, `world`
lets parties act and things go wrong, `laws` says what must hold all the same, `run` is the campaign.
A story is told by its number: the same number goes through the same steps.
"""
