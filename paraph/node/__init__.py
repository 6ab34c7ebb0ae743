"""The server: stored logs, people, access, clocks, exchange with peers.

journal.py      the one door to the record: what is written, what is admitted, what is folded
heads.py        signed heads of the logs, and what has to be acknowledged
waiting.py      entries whose past has not come yet
grants.py       what the role that serves may do on PostgreSQL
nonces.py       requests that another worker has answered
move.py         a node on another database
second_copy.py  the head of the own log, kept apart from the database
errors.py       what goes wrong at a node
homes.py        the folder in which a node lives
key_files.py    how node keys and root keys lie on the disk, and what opens them
tokens.py       keys in a PKCS#11 token
passkeys.py     passkeys of people, for initials and seals
clock.py        which time is it at this node
time_tokens.py  what an authority for time says of a head, and whether it counts
timestamps.py   when the authority is asked about the own head
signatures.py   does a signature made elsewhere hold, as a command says
stores.py       the record in a database
databases.py    how Django reaches it
models.py       its tables, and the people of the node
people.py       people and their keys
access.py       who may do what
current.py      the journal of this process
server.py       how a node serves
listener.py     how the listener stays free when somebody is slow on purpose
audit.py        does the record hold
beside.py       signatures that other processes check meanwhile
asked.py        a question that takes long, answered once for all who ask
proofs.py       what goes into a proof file
plain_store.py  the logs of a home, read without the server
peers.py        what is known of the peers, for every worker
exchange/       how nodes speak with each other
"""
