"""How do nodes exchange their signed logs? (docs/reference/exchange.md)

limits.py     how much may be asked, sent and remembered
errors.py     what goes wrong between nodes
messages.py   a request and a response, free of any framework
signing.py    who sent a request
audience.py   who is given contents, and who is not
server.py     what is answered
views.py      the thin Django side of it
transport.py  one connection to a peer
caller.py     signed questions to a peer, and its answers, read strictly
order.py      in which order fetched entries can be admitted
heads.py      does a peer's signed head fit what is held here
client.py     pull what a peer holds
worker.py     exchange with one peer, look after look
loop.py       the threads that keep this node in step with its peers
courier.py    the same in one file
"""
