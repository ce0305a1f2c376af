"""From folders of drives to blocks and heads: docs/formats.md §3 and §4."""

import os

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

import dag_cbor
from blake3 import blake3
from dag_cbor import Malformed
from reed_solomon import data_shards

RAW, DAG_CBOR = 0x55, 0x71


def signed_by(public, domain, record, without=("sig",)):
    """True when `record["sig"]` is the principal's over the record without the fields named."""
    signed = {key: value for key, value in record.items() if key not in without}
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(record["sig"], domain + b"\0" + dag_cbor.encode(signed))
        return True
    except InvalidSignature:
        return False


class Packs:
    """All blocks (by CID) and all heads found on the drives; `notes` says what was passed over and why."""

    def __init__(self, drives, storage_principal):
        self.storage = storage_principal
        self.blocks, self.heads, self.notes = {}, [], []
        fragments, copies = {}, {}
        for drive in drives:
            if self._is_ours(drive):
                self._find_fragments(drive, fragments)
                self._find_copies(drive, copies)
        for pack, found in sorted(fragments.items()):
            self._read_pack(pack, found)
        for name, copy in sorted(copies.items()):
            if name not in fragments:
                self._walk(copy, torn_tail=True)

    def _is_ours(self, drive):
        try:
            with open(os.path.join(drive, "holt-drive"), "rb") as file:
                record = dag_cbor.decode(file.read())
        except OSError:
            self.notes.append(f"{drive}: no drive")
            return False
        if record["v"] != 1 or record["kind"] != "drive" or record["owner"] != self.storage:
            self.notes.append(f"{drive}: a drive of another owner or version")
            return False
        return signed_by(self.storage, b"holt/drive/1", record)

    def _find_fragments(self, drive, fragments):
        top = os.path.join(drive, "fragments")
        for folder, _, names in os.walk(top):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    data = file.read()
                try:
                    descriptor, shard = self._read_fragment(data)
                except (Malformed, KeyError, IndexError) as error:
                    self.notes.append(f"{name}: passed over ({error})")
                    continue
                fragments.setdefault(descriptor["pack"].hex(), []).append((descriptor, shard))

    def _read_fragment(self, data):
        if data[-8:] != b"HOLTFRG1":
            raise Malformed("no fragment")
        length = int.from_bytes(data[-12:-8], "big")
        descriptor = dag_cbor.decode(data[-12 - length : -12])
        shard, index = data[: -12 - length], descriptor["index"]
        if descriptor["v"] != 1 or descriptor["kind"] != "fragment" or descriptor["owner"] != self.storage:
            raise Malformed("of another owner or version")
        if not signed_by(self.storage, b"holt/fragment/1", descriptor, without=("sig", "index")):
            raise Malformed("the signature is wrong")
        if blake3(shard) != descriptor["roots"][32 * index : 32 * index + 32]:
            raise Malformed("the shard was altered")
        return descriptor, shard

    def _find_copies(self, drive, copies):
        folder = os.path.join(drive, "open")
        for name in os.listdir(folder) if os.path.isdir(folder) else []:
            with open(os.path.join(folder, name), "rb") as file:
                data = file.read()
            pack = name.removesuffix(".car")
            if len(data) > len(copies.get(pack, b"")):
                copies[pack] = data

    def _read_pack(self, pack, found):
        descriptor = found[0][0]
        present = {each["index"]: shard for each, shard in found}
        k, n = descriptor["k"], descriptor["n"]
        if len(present) < k:
            self.notes.append(f"pack {pack}: {len(present)} of {n} fragments are left, {k} are needed")
            return
        self._walk(b"".join(data_shards(k, n, present))[: descriptor["size"]], torn_tail=False)

    def _walk(self, car, torn_tail):
        """CARv1: a header, then sections. A copy of an open pack may end in the middle of one."""
        try:
            header, at = self._section(car, 0)
            if dag_cbor.decode(header) != {"roots": [], "version": 1}:
                raise Malformed("not a CAR header")
            while at < len(car):
                section, at = self._section(car, at)
                self._take(section[:36], section[36:])
        except Malformed:
            if not torn_tail:
                raise

    @staticmethod
    def _section(car, at):
        length = shift = 0
        while True:
            if at >= len(car) or shift > 35:
                raise Malformed("cut short")
            byte, at = car[at], at + 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        if at + length > len(car):
            raise Malformed("cut short")
        return car[at : at + length], at + length

    def _take(self, cid, body):
        if cid[:4] not in (bytes([1, RAW, 0x1E, 0x20]), bytes([1, DAG_CBOR, 0x1E, 0x20])) or blake3(body) != cid[4:]:
            raise Malformed("a block that is not what its CID names")
        if cid[1] == RAW:
            self.blocks[cid] = body
            return
        record = dag_cbor.decode(body)
        if record["v"] != 1:
            raise Malformed("a record of an unknown version")
        if record["kind"] == "commit":
            self.heads.extend(dag_cbor.decode(head) for head in record["heads"])
