"""Rebuilds the data shards from any k of n: GF(2^8) with 0x11d, V · V[0..k]⁻¹ with V[r][c] = r^c."""

EXP, LOG = [0] * 510, [0] * 256
power = 1
for exponent in range(255):
    EXP[exponent] = EXP[exponent + 255] = power
    LOG[power] = exponent
    power = power << 1 ^ (0x11D if power & 0x80 else 0)


def multiply(a, b):
    return EXP[LOG[a] + LOG[b]] if a and b else 0


def _power(base, exponent):
    if exponent == 0:
        return 1
    return EXP[LOG[base] * exponent % 255] if base else 0


def _product(a, b):
    columns = range(len(b[0]))
    rows = []
    for row in a:
        out = [0] * len(columns)
        for factor, line in zip(row, b):
            for c in columns:
                out[c] ^= multiply(factor, line[c])
        rows.append(out)
    return rows


def _inverse(matrix):
    size = len(matrix)
    work = [list(row) + [int(r == c) for c in range(size)] for r, row in enumerate(matrix)]
    for c in range(size):
        pivot = next(r for r in range(c, size) if work[r][c])
        work[c], work[pivot] = work[pivot], work[c]
        scale = EXP[255 - LOG[work[c][c]]]
        work[c] = [multiply(scale, value) for value in work[c]]
        for r in range(size):
            factor = work[r][c]
            if r != c and factor:
                work[r] = [value ^ multiply(factor, other) for value, other in zip(work[r], work[c])]
    return [row[size:] for row in work]


def _combine(coefficients, shards):
    """The sum of the shards, each times its coefficient: whole shards at once as big numbers."""
    total = 0
    for coefficient, shard in zip(coefficients, shards):
        table = bytes(multiply(coefficient, value) for value in range(256))
        total ^= int.from_bytes(shard.translate(table), "big")
    return total.to_bytes(len(shards[0]), "big")


def data_shards(k, n, present):
    """`present` maps an index to its shard; at least k of them. Returns the k data shards."""
    if all(i in present for i in range(k)):
        return [present[i] for i in range(k)]
    vandermonde = [[_power(r, c) for c in range(k)] for r in range(n)]
    code = _product(vandermonde, _inverse(vandermonde[:k]))
    used = sorted(present)[:k]
    decode = _inverse([code[i] for i in used])
    shards = [present[i] for i in used]
    return [present[i] if i in present else _combine(decode[i], shards) for i in range(k)]
