"""Deterministic CBOR as docs/formats.md has it: strict, with a way to decode a value that zeros follow."""

import struct


class Malformed(Exception):
    pass


def decode(data):
    value, end = decode_first(data)
    if end != len(data):
        raise Malformed("bytes follow the value")
    return value


def decode_first(data, at=0, depth=0):
    """Returns the value that begins at `at`, and where it ends."""
    if depth > 16:
        raise Malformed("nested too deeply")
    major, info = _byte(data, at) >> 5, _byte(data, at) & 31
    if major == 7:
        return _simple(data, at, info)
    number, at = _argument(data, at + 1, info)
    if major == 0:
        return number, at
    if major == 1:
        return -1 - number, at
    if major in (2, 3):
        body = data[at : at + number]
        if len(body) != number:
            raise Malformed("cut short")
        return (bytes(body) if major == 2 else body.decode("utf-8")), at + number
    if major == 4:
        items = []
        for _ in range(number):
            item, at = decode_first(data, at, depth + 1)
            items.append(item)
        return items, at
    if major == 5:
        return _map(data, at, number, depth)
    raise Malformed("a tag")


def _map(data, at, number, depth):
    found, before = {}, None
    for _ in range(number):
        key, at = decode_first(data, at, depth + 1)
        if not isinstance(key, str):
            raise Malformed("a key that is no text")
        order = (len(key.encode()), key.encode())
        if before is not None and order <= before:
            raise Malformed("keys out of order")
        before = order
        found[key], at = decode_first(data, at, depth + 1)
    return found, at


def _simple(data, at, info):
    if info in (20, 21, 22):
        return (False, True, None)[info - 20], at + 1
    if info == 27:
        return struct.unpack(">d", data[at + 1 : at + 9])[0], at + 9
    raise Malformed("a simple value that is not allowed")


def _argument(data, at, info):
    if info < 24:
        return info, at
    if info > 27:
        raise Malformed("an indefinite length")
    size = 1 << info - 24
    if at + size > len(data):
        raise Malformed("cut short")
    number = int.from_bytes(data[at : at + size], "big")
    if number < (24, 1 << 8, 1 << 16, 1 << 32)[info - 24]:
        raise Malformed("a number in more bytes than it needs")
    return number, at + size


def _byte(data, at):
    if at >= len(data):
        raise Malformed("cut short")
    return data[at]


def encode(value):
    """Only what signatures are made over: maps, arrays, text, bytes, whole numbers, null."""
    if value is None:
        return b"\xf6"
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, str):
        return _head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return _head(4, len(value)) + b"".join(encode(item) for item in value)
    keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
    return _head(5, len(value)) + b"".join(encode(key) + encode(value[key]) for key in keys)


def _head(major, number):
    if number < 24:
        return bytes([major << 5 | number])
    for info, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 1 << 8 * size:
            return bytes([major << 5 | info]) + number.to_bytes(size, "big")
    raise Malformed("a number over 64 bits")
