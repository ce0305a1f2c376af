"""From 24 words to the keys that docs/formats.md §1 derives."""

import hashlib
import os

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from blake3 import blake3

WORD_LIST = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bip39-english.txt")


def root_key_of_words(text):
    """BIP-39: 24 words are 264 bits, of which the last 8 check the others."""
    with open(WORD_LIST, encoding="ascii") as file:
        numbers = {word: number for number, word in enumerate(file.read().split())}
    words = text.lower().split()
    if len(words) != 24:
        raise SystemExit(f"24 words are needed, these are {len(words)}")
    bits = 0
    for place, word in enumerate(words, start=1):
        if word not in numbers:
            raise SystemExit(f"word {place} is not in the list")
        bits = bits << 11 | numbers[word]
    entropy = (bits >> 8).to_bytes(32, "big")
    if hashlib.sha256(entropy).digest()[0] != bits & 0xFF:
        raise SystemExit("the words do not fit together: one is wrong, or their order is")
    return entropy


class RootKey:
    def __init__(self, secret):
        self.secret = secret
        self.owner = public_key(self.derive(b"holt/principal/1"))
        self.storage = public_key(self.derive(b"holt/storage/1"))
        self.volume_id = blake3(b"holt/volume/1" + self.owner + bytes(16))[:16]

    def derive(self, info, length=32):
        return HKDF(algorithm=SHA256(), length=length, salt=b"holt", info=info).derive(self.secret)

    def volume_key(self, number):
        return self.derive(b"holt/volume-key/1" + self.volume_id + number.to_bytes(4, "big"))


def public_key(seed):
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
