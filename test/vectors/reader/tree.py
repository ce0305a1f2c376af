"""From blocks and heads to files: docs/formats.md §2 and §5."""

import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

import dag_cbor
from blake3 import blake3
from packs import signed_by

CID_BYTES = 36


def open_block(sealed, key_of):
    if sealed[0] != 1:
        raise SystemExit("a block sealed by an unknown algorithm")
    key = key_of(int.from_bytes(sealed[1:3], "big"))
    return AESGCM(key).decrypt(sealed[3:15], sealed[15:], sealed[:3])


def is_valid(head):
    """Whether the head's writer may commit to the volume: the owner, or the last of a chain of writecaps from the owner."""
    if head["v"] != 1 or head["kind"] != "head" or not signed_by(head["writer"], b"holt/head/1", head):
        return False
    if blake3(b"holt/volume/1" + head["owner"] + head["salt"])[:16] != head["volume"]:
        return False
    issuer, path, depth = head["owner"], "/", None
    for cap in head["chain"]:
        if cap["v"] != 1 or cap["kind"] != "writecap" or cap["issuer"] != issuer or cap["volume"] != head["volume"]:
            return False
        if not signed_by(issuer, b"holt/writecap/1", cap) or cap["serial"] in head["revoked"]:
            return False
        inside = cap["path"] == path or cap["path"].startswith(path.rstrip("/") + "/")
        in_time = cap["expires"] is None or head["time"][0] <= cap["expires"]
        if not inside or not in_time or (depth is not None and cap["depth"] >= depth):
            return False
        issuer, path, depth = cap["subject"], cap["path"], cap["depth"]
    return issuer == head["writer"]


class Tree:
    def __init__(self, packs):
        self.blocks, self.heads = packs.blocks, packs.heads

    def newest_head(self, volume, owner):
        """The valid head with the highest sequence number, or None."""
        ours = [head for head in self.heads if head["volume"] == volume and head["owner"] == owner and is_valid(head)]
        return max(ours, key=lambda head: head["seq"], default=None)

    def volume_root(self, volume, owner, key_of):
        head = self.newest_head(volume, owner)
        if head is None:
            raise SystemExit(f"no head of volume {volume.hex()} is on these drives")
        return self._node(head["root"], key_of, "root")

    def _block(self, cid):
        if cid not in self.blocks:
            raise SystemExit(f"block {cid.hex()} is missing: too few fragments are left")
        return self.blocks[cid]

    def _node(self, cid, key_of, *kinds):
        content = open_block(self._block(cid), key_of)
        node, end = dag_cbor.decode_first(content)
        if node["v"] != 1 or node["kind"] not in kinds or any(content[end:]):
            raise SystemExit(f"block {cid.hex()} is not a node of kind {' or '.join(kinds)}")
        return node

    def entries(self, directory):
        """Names and entries of a directory, in order."""
        yield from self._entries_below(directory["r"], directory["k"].__getitem__)

    def _entries_below(self, cid, key_of):
        if cid is None:
            return
        node = self._node(cid, key_of, "dir", "dirs")
        if node["kind"] == "dir":
            yield from node["entries"]
            return
        for _, child in node["children"]:
            yield from self._entries_below(child, key_of)

    def chunks(self, file):
        """The file's bytes, chunk by chunk."""
        place, left = 1 << file["c"], file["z"]
        for cid in self._chunk_cids(file["r"], file["h"], file["k"].__getitem__, -(-left // place)):
            length = min(place, left)
            chunk = b"" if cid is None else open_block(self._block(cid), file["k"].__getitem__)
            yield chunk[:length].ljust(length, b"\0")
            left -= length

    def _chunk_cids(self, cid, height, key_of, count):
        """`count` CIDs, None for a hole; an index node that is short or absent stands for holes."""
        if height == 0:
            yield from [cid][:count]
            return
        cids = b"" if cid is None else self._node(cid, key_of, "index")["cids"]
        below = 512 ** (height - 1)
        for at in range(0, -(-count // below)):
            child = cids[CID_BYTES * at : CID_BYTES * (at + 1)]
            hole = len(child) == 0 or not any(child)
            yield from self._chunk_cids(None if hole else child, height - 1, key_of, min(below, count - at * below))

    def write_out(self, directory, out):
        """Writes everything below a directory entry into the folder `out`, with modes and times."""
        os.makedirs(out, exist_ok=True)
        for name, entry in self.entries(directory):
            if name in ("", ".", "..") or "/" in name or "\0" in name:
                raise SystemExit("a name that would leave the folder")
            self._write_entry(entry, os.path.join(out, name))
        set_attributes(out, directory)

    def _write_entry(self, entry, path):
        kind = entry["t"]
        if kind == "d":
            self.write_out(entry, path)
        elif kind == "v":
            self.write_out(self.volume_root(entry["id"], entry["o"], entry["k"].__getitem__)["dir"], path)
        elif kind == "l":
            os.symlink(entry["to"], path)
            set_attributes(path, entry)
        else:
            with open(path, "wb") as file:
                for chunk in self.chunks(entry):
                    file.write(chunk)
            set_attributes(path, entry)


def set_attributes(path, entry):
    seconds, nanoseconds = entry["mt"]
    time = seconds * 10**9 + nanoseconds
    if not os.path.islink(path):
        os.chmod(path, entry["m"])
    os.utime(path, ns=(time, time), follow_symlinks=False)
