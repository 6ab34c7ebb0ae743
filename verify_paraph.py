#!/usr/bin/env python3
"""Does a proof file of Paraph hold? It is checked here offline, with nothing but the charter.

    python verify_paraph.py FILE.proof charter.json

It needs Python and the package `cryptography`, and shares no code with Paraph: who does not trust the program that
made a proof reads these lines, or docs/reference/record.md. Exit codes: 0 all holds, 1 something does not, 2 no file.
"""

import base64, gzip, hashlib, io, json, re, sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils
from cryptography.hazmat.primitives.hashes import SHA256

PRIME, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
ORDER_8 = bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")
SMALL = {0, 1, PRIME - 1, int.from_bytes(ORDER_8, "little"), PRIME - int.from_bytes(ORDER_8, "little")}
NODE, WITNESS, PERSON = b"\x01", b"\x04", b"\xffparaph/act-signature/ed25519/v1"
PASSKEY, ORDER_256 = b"\xffparaph/act-signature/webauthn/v1", 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
FIELDS = {"entry": {"log", "n"}, "closing": {"object", "text"}, "initials": {"object", "text", "subject", "content", "line"}}
DOES = {"initial": "initialled", "seal": "sealed"}

class Refused(Exception):
    """The file does not prove what it claims, for this reason."""
def need(holds, why):
    if not holds:
        raise Refused(why)
def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()
def plain(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
def read(text, what):
    twice = f"{what} names a field twice."
    try:
        value = json.loads(text, object_pairs_hook=lambda pairs: need(len(dict(pairs)) == len(pairs), twice) or dict(pairs))
    except (ValueError, RecursionError):
        value = None
    need(isinstance(value, dict), f"{what} cannot be read.")
    return value

def unbase(text):
    need(base64.b64encode(raw := base64.b64decode(text, validate=True)).decode() == text, "Not in the one form of base64.")
    return raw

def named(key, site=""):
    """The id of a key, with the key and the site of a passkey; nothing where it signs bytes itself."""
    raw = bytes.fromhex(key)
    return {sha(b"\x02" if site else b"\x01", raw).hex()[:32]: (raw, site)}
def by_id(written):
    return {name: key for one in written for name, key in named(one).items()}

def holds(key, signature, message, *how):
    try:
        return key.verify(signature, message, *how) is None
    except InvalidSignature:
        return False
def signed(key, message, signature):
    """Ed25519 under a strict rule: libraries disagree on what is refused here first."""
    points = [int.from_bytes(point, "little") % 2**255 for point in (key, signature[:32])]
    strict = len(signature) == 64 and int.from_bytes(signature[32:], "little") < ORDER
    return strict and not any(y >= PRIME or y in SMALL for y in points) and holds(ed25519.Ed25519PublicKey.from_public_bytes(key), signature, message)

def answered(key, site, message, packed):
    """A passkey (WebAuthn) signs what its browser shows it, here the hash of a message, at its site and on its pages."""
    at = 2 + int.from_bytes(packed[:2], "big")
    end = at + 2 + int.from_bytes(packed[at : at + 2], "big")
    data, client, signature = packed[2:at], packed[at + 2 : end], packed[end:]
    asked = base64.urlsafe_b64encode(sha(message)).rstrip(b"=").decode()
    scheme = "http" if site == "localhost" and b'"origin":"http:' in client else "https"
    begins = re.escape(f'{{"type":"webauthn.get","challenge":"{asked}","origin":"{scheme}://{site}') + r'(:[0-9]{1,5})?"'
    said = re.fullmatch(begins.encode() + rb'(\}|,"crossOrigin":false(\}|[,}].*\}))', client, re.DOTALL)
    whole = 39 <= at <= 514 and len(client) <= 1024 and len(signature) == 64 and said
    if not (whole and data[:32] == sha(site.encode()) and data[32] & 5 == 5):  # 5: somebody was there, and known
        return False
    if len(key) == 32:
        return signed(key, data + sha(client), signature)
    first, second = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + key)
    once = 0 < first < ORDER_256 and 0 < second <= ORDER_256 // 2  # of the two forms of one signature the lower
    return once and holds(point, utils.encode_dss_signature(first, second), data + sha(client), ec.ECDSA(SHA256()))

def root_of(leaf, n, size, path):
    """The root above a leaf (RFC 9162, 2.1.3.2); nothing where the path does not lead there."""
    last = size - 1 if 0 <= n < size else -1
    for sibling in path:
        left = n % 2 or n == last
        leaf = sha(b"\x01", sibling, leaf) if left else sha(b"\x01", leaf, sibling)
        while left and n % 2 == 0 and n:
            n, last = n // 2, last // 2
        n, last = n // 2, last // 2
    return leaf if last == 0 else b""

def note_of(raw, what):
    """A signed note (C2SP): its text, and its lines as name, hash of the key, signature."""
    (text, _, below), lines = raw.rpartition("\n\n"), []
    for line in below.removesuffix("\n").split("\n"):
        dash, name, data = line.split(" ") if line.count(" ") == 2 else ("", "", "")
        need(dash == "—" and below.endswith("\n"), f"{what} is not a signed note.")
        lines.append((name, unbase(data)[:4], unbase(data)[4:]))
    return (text + "\n").encode(), lines

def counts(line, name, kind, key, message, signature=None, site=""):
    signature = signature or line[2]
    if line[0] != name or line[1] != sha(name.encode(), b"\n", kind, key)[:4]:
        return False
    return answered(key, site, message, signature) if site else signed(key, message, signature)

class Charter:
    """The parties and their keys; whoever checks compares its fingerprint over another channel."""
    def __init__(self, raw):
        self.prog = sha(raw).hex()
        try:
            self.parties = {one["code"]: one for one in json.loads(raw)["parties"]}
            self.nodes = {code: [bytes.fromhex(one["node"])] for code, one in self.parties.items()}
        except (ValueError, KeyError, TypeError):
            raise Refused("The charter cannot be read.") from None
    def origin(self, log):
        return f"paraph/{self.prog[:16]}/{log}"

class Entry:
    """One entry that the file shows, and the way from it to the head of its log."""
    def __init__(self, given, charter):
        need({*given, "content"} == {"note", "proof", "content"}, "An entry has other fields than note, content, proof.")
        self.text, self.lines = note_of(given["note"], "An entry")
        self.head, content = read(self.text.decode(), "An entry"), given.get("content")
        self.log, self.n, closed = self.head["log"], self.head["n"], self.head.get("closed")
        self.where, self.by, self.at = f"{self.log} entry {self.n}", self.head["by"], self.head["at"]
        here = self.head["prog"] == charter.prog and self.log in charter.parties
        need(here, f"{self.where} belongs to another programme than this charter.")
        need(closed or content is None, f"{self.where} is public: no content stands beside it.")
        self.act, self.origin = self.head.get("act", {}), charter.origin(self.log)
        if content is not None:
            need(sha(content.encode()).hex() == closed, f"The content is not the one that {self.where} commits to.")
            inner, self.act = (read(content, f"The content of {self.where}")[name] for name in ("log", "act"))
            need(inner == self.log, f"The content of {self.where} was written for another log.")
        closed = closed or sha(plain({"act": self.act, "log": self.log})).hex()
        self.statement = f"paraph act v1\n{charter.prog}\n{self.log}\n{closed}\n".encode()
        above, _, self.checkpoint = given["proof"].partition("\n\n")
        form, index, *path = above.split("\n")
        origin, size, root, gap = (self.checkpoint + "\n\n\n").split("\n")[:4]
        self.size = int(size)
        need(origin == self.origin and not gap, f"The head above {self.where} is that of another log.")
        found = root_of(sha(b"\x00", given["note"].encode()), self.n, self.size, [unbase(one) for one in path])
        strict = form == "c2sp.org/tlog-proof@v1" and index == f"index {self.n}" and size == str(self.size)
        need(strict and found == unbase(root), f"The way from {self.where} to the head of its log does not hold.")
    def signers(self, keys):
        """Who signed the content, of these keys by id; every line has to count."""
        names = [line[0].removeprefix(self.origin + "/") for line in self.lines[1:]]
        need(names[:1] == [self.by], f"{self.where} is not signed by the key that it names.")
        for line, name in zip(self.lines[1:], names, strict=True):
            need(name in keys, f"{self.where} is signed by a key that the file does not lead back to the charter.")
            key, site = keys[name]
            held = counts(line, f"{self.origin}/{name}", PASSKEY if site else PERSON, key, self.statement, site=site)
            need(held, f"{self.where} is not signed by the key that it names.")
        need(self.head["v"] == 1 + bool(keys[self.by][1]), f"{self.where} is not of the version that its key writes.")
        return set(names)
    def past(self, entries):
        """How much it knew of the other logs, by the last acknowledgement shown before it."""
        acks = [one.act["heads"] for one in entries if one.n < self.n and one.act.get("kind") == "ack"]
        return {log: int(head.split("\n")[1]) for log, head in sorted(acks[-1].items())} if acks else {}

def follow_keys(charter, log, entries):
    """Check who signed each entry shown of a log, from the charter on; return who has full powers."""
    party, (node, *_), version, people, keys = charter.parties[log], charter.nodes[log], 0, {}, {}
    roots, threshold = by_id(party["roots"]), party["threshold"]
    for one in entries:
        kind, act, few = one.act.get("kind"), one.act, f"{one.where} is not signed by enough root keys of {log}."
        if kind == "rotate":
            fresh = by_id(act["roots"])
            by = one.signers({**roots, **fresh})
            need(act["version"] == version + 1, f"{one.where} does not follow the keys shown before it.")
            need(len(by & set(roots)) >= threshold and len(by & set(fresh)) >= act["threshold"], few)
            version, node, roots, threshold = version + 1, bytes.fromhex(act["node"]), fresh, act["threshold"]
            charter.nodes[log].append(node)
        elif one.by in named(node.hex()):
            need(len(one.lines) == 1, f"{one.where} has more signatures than that of its node.")
        else:
            by = one.signers({**keys, **roots})
            need(kind not in ("delegate", "revoke", "found", "join") or len(by & set(roots)) >= threshold, few)
            if kind == "delegate":
                [(name, key)] = named(act["key"], act.get("passkey", "")).items()
                people[name], keys[name] = one, key
        need(counts(one.lines[0], one.origin, NODE, node, one.text), f"{one.where} is not signed by the node of {log}.")
    return people

def receipts(charter, log, checkpoint):
    """Check the head above the entries of a log; who vouches for it, and when."""
    text, lines = note_of(checkpoint, f"The head of {log}")
    need(counts(lines[0], charter.origin(log), NODE, charter.nodes[log][-1], text), f"The head of {log}: not signed by its node.")
    for line in lines[1:]:
        witness = line[0].rpartition("/")[2]
        need(witness in charter.nodes and witness != log and len(line[2]) == 72, f"The head of {log} has a receipt of nobody.")
        message = b"cosignature/v1\ntime %d\n" % (time := int.from_bytes(line[2][:8], "big")) + text
        held = any(counts(line, charter.origin(witness), WITNESS, key, message, line[2][8:]) for key in charter.nodes[witness])
        need(held, f"The receipt of {witness} for the log of {log} does not count.")
        yield f"{witness} vouched for the log of {log} at {time} (seconds since 1970): it held all of it, and no other."

def words_of(given):
    """Check the words against the line of the text; where they stand in it, and they as text."""
    subject, content, (item, *parts) = given["subject"], given["content"], given["line"]["text"].split(" ")
    wrong, where = "The words are not those that the line of the text names.", f"number {parts[0]}"
    proposal = sha(subject.encode(), b"\n", plain(content)).hex()
    if subject.startswith("provision:"):
        languages = [part.partition("=")[0] for part in parts[1:]]
        texts = [[content.get(name, {}).get(one, "") for name in ("heading", "words")] for one in languages]
        made = [f"{one}={sha(plain(text)).hex()}" for one, text in zip(languages, texts, strict=True)]
        given = {one for name in content for one in content[name]} if set(content) <= {"heading", "words"} else {""}
        need(item == subject and made == parts[1:] and given <= set(languages), wrong)
        return where, [f"  [{one}] {' / '.join(filter(None, text))}" for one, text in zip(languages, texts)]
    if subject.startswith("measure:"):
        measure, _, cell = subject.rpartition("/")
        need(item == measure and f"{cell}={sha(plain([subject, proposal])).hex()}" in parts[1:], wrong)
        return where, [f"  {cell}: {plain(content).decode()}"]
    need([item, *parts] == [subject, proposal], wrong)
    return "the whole", [f"  {plain(content).decode()}"]

def told(one, people, entries, kind):
    """What an entry claims; its key needs full powers for initials and seals."""
    who, act, grant = f"the key {one.by[:16]}", one.act, people.get(one.by)
    if grant:
        who += f" of “{next(iter(grant.act['name'].values()))}”, certified by root keys in entry {grant.n}"
    if act.get("kind") in DOES:
        maps = grant.act.get("road_maps") if grant else []
        passed = any(other.act.get("instead_of") == one.by and other.n < one.n for other in people.values())  # to a passkey
        may = grant and act["kind"] in grant.act["powers"] and not grant.act.get("ad_referendum_only") and not passed
        covered = may and (maps is None or act["object"].removeprefix("road_map:") in maps)
        need(covered, f"{one.where} is not signed by a key with full powers for it.")
        yield f"{one.log} {DOES[act['kind']]} the text {act['text'][:16]} of {act['object']},"
    said = "" if kind != "entry" else f" It says: {plain(act).decode()}" if act else " Its content is not shown."
    yield f"  in {one.where}, claimed {one.at}, by {who}.{said}"
    past = [f"{log} to entry {size - 1}" for log, size in one.past(entries).items()]
    yield f"  It knew its own log before it{', and at least ' + ', '.join(past) if past else ''}."

def check(charter_raw, raw):
    """What the file proves, and what not, in sentences; Refused where anything does not hold."""
    charter = Charter(charter_raw)
    try:
        text = gzip.GzipFile(fileobj=io.BytesIO(raw)).read(1_000_000) if raw[:2] == b"\x1f\x8b" else raw
        return prove(charter, read(text.decode(), "The file"))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OSError, EOFError) as error:
        raise Refused(f"Something in the file is not in its form: {error!r}.") from None

def prove(charter, given):
    kind, logs, people = given.get("kind"), {}, {}
    need(given.get("v") == 1 and kind in FIELDS, "The file is no proof of a kind that this program knows.")
    need(set(given) == {"v", "kind", "entries"} | FIELDS[kind], "The file has other fields than such a proof has.")
    for one in sorted((Entry(one, charter) for one in given["entries"]), key=lambda one: (one.log, one.n)):
        logs.setdefault(one.log, []).append(one)
    for log, entries in logs.items():
        need(len({one.checkpoint for one in entries}) == 1, f"The entries of {log} stand under several heads.")
        people[log] = follow_keys(charter, log, entries)
    vouched = {log: list(receipts(charter, log, entries[0].checkpoint)) for log, entries in logs.items()}
    shown = [one for entries in logs.values() for one in entries]
    place = (given["log"], given["n"]) if kind == "entry" else None
    claims = [one for one in shown if ((one.log, one.n) == place if place else one.act.get("kind") in DOES)]
    need(claims, "The file does not show what it claims.")
    need(kind == "entry" or all(one.act for one in shown), "An entry is shown without its content.")
    need(kind == "entry" or {(one.act["object"], one.act["text"]) for one in claims} == {(given["object"], given["text"])},
         "The initials shown are about another text than the file.")
    proven, unproven = [], ["that claimed times are true: they decide nothing;"]
    if kind == "initials":
        line, found = given["line"], sha(b"\x00", given["line"]["text"].encode())
        for side, sibling in (one.split(" ") for one in line["path"]):
            found = sha(b"\x01", *{"left": (unbase(sibling), found), "right": (found, unbase(sibling))}[side])
        need(found.hex() == given["text"] and set(line) == {"text", "path"}, "The line is not among those of the text.")
        where, words = words_of(given)
        proven.append(f"{given['subject']} stands as {where} in the text {given['text'][:16]} of {given['object']}:")
        proven += ["  its line is among the lines of that text. In these words:", *words]
    for one in claims:
        proven += told(one, people[one.log], logs[one.log], kind)
        if one.act.get("kind") == "seal":
            past = {**one.past(logs[one.log]), one.log: one.n}
            known = [also.log for also in claims if also.act["kind"] == "initial" and also.n < past.get(also.log, 0)]
            proven.append(f"  It was sealed knowing the initials of {', '.join(known) or 'nobody shown here'}.")
    for log, entries in logs.items():
        proven.append(f"They stand in the log of {log} of {entries[0].size} entries, which its node signed.")
        proven += vouched[log]
        unproven.append(f"that no key of {log} was revoked or replaced before: only the whole log tells;")
        unproven += [] if vouched[log] else [f"that nobody holds another history of {log}: no party vouches for it here;"]
    if kind != "entry":
        unproven.append("that nobody has left the text before or since: only the whole logs tell;")
        missing = sorted(set(charter.parties) - {one.log for one in claims})
        unproven += [f"that {code} initialled it: the file does not show that;" for code in missing]
    return charter.prog, proven, unproven

def main(arguments):
    try:
        raw, charter = (open(name, "rb").read() for name in arguments)  # noqa: SIM115
        prog, proven, unproven = check(charter, raw)
    except (OSError, ValueError) as error:
        return print(__doc__, error, sep="\n") or 2
    except Refused as reason:
        return print(f"REFUSED. {reason}") or 1
    spoken = f"  {' '.join(prog[at : at + 4] for at in range(0, 64, 4))}"
    print("PROVEN, for the charter with this fingerprint, to be compared over another channel:", spoken, *proven, sep="\n")
    return print("NOT PROVEN:", *(f"  {one}" for one in unproven), sep="\n") or 0

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
