"""BLAKE3 with a 32-byte output, after the paper's reference: slow, and short enough to check by eye."""

IV = (0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19)
PERMUTATION = (2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8)
CHUNK_START, CHUNK_END, PARENT, ROOT = 1, 2, 4, 8
CHUNK_BYTES, BLOCK_BYTES = 1024, 64
MASK = 0xFFFFFFFF


def _mix(v, a, b, c, d, x, y):
    v[a] = (v[a] + v[b] + x) & MASK
    t = v[d] ^ v[a]
    v[d] = (t >> 16 | t << 16) & MASK
    v[c] = (v[c] + v[d]) & MASK
    t = v[b] ^ v[c]
    v[b] = (t >> 12 | t << 20) & MASK
    v[a] = (v[a] + v[b] + y) & MASK
    t = v[d] ^ v[a]
    v[d] = (t >> 8 | t << 24) & MASK
    v[c] = (v[c] + v[d]) & MASK
    t = v[b] ^ v[c]
    v[b] = (t >> 7 | t << 25) & MASK


def _compress(chaining, block, counter, length, flags):
    words = [int.from_bytes(block[i : i + 4], "little") for i in range(0, BLOCK_BYTES, 4)]
    v = [*chaining, *IV[:4], counter & MASK, counter >> 32, length, flags]
    for turn in range(7):
        _mix(v, 0, 4, 8, 12, words[0], words[1])
        _mix(v, 1, 5, 9, 13, words[2], words[3])
        _mix(v, 2, 6, 10, 14, words[4], words[5])
        _mix(v, 3, 7, 11, 15, words[6], words[7])
        _mix(v, 0, 5, 10, 15, words[8], words[9])
        _mix(v, 1, 6, 11, 12, words[10], words[11])
        _mix(v, 2, 7, 8, 13, words[12], words[13])
        _mix(v, 3, 4, 9, 14, words[14], words[15])
        words = [words[i] for i in PERMUTATION]
    return [v[i] ^ v[i + 8] for i in range(8)]


def _bytes_of(words):
    return b"".join(word.to_bytes(4, "little") for word in words)


def _chunk(data, counter, root):
    chaining, start = IV, CHUNK_START
    blocks = [data[i : i + BLOCK_BYTES] for i in range(0, len(data), BLOCK_BYTES)] or [b""]
    for block in blocks[:-1]:
        chaining, start = _compress(chaining, block, counter, BLOCK_BYTES, start), 0
    last = blocks[-1]
    return _compress(chaining, last.ljust(BLOCK_BYTES, b"\0"), counter, len(last), start | CHUNK_END | root)


def _tree(data, counter, root):
    """The left subtree is the largest power of two of chunks that leaves at least one byte to the right."""
    if len(data) <= CHUNK_BYTES:
        return _chunk(data, counter, root)
    left = 1 << ((len(data) - 1) // CHUNK_BYTES).bit_length() - 1
    halves = _tree(data[: left * CHUNK_BYTES], counter, 0) + _tree(data[left * CHUNK_BYTES :], counter + left, 0)
    return _compress(IV, _bytes_of(halves), 0, BLOCK_BYTES, PARENT | root)


def blake3(data):
    return _bytes_of(_tree(data, 0, ROOT))
