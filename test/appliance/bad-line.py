"""A bad line between two network ports: passes frames on late and not all of them, without any help of the kernel's.

bad-line.py PORT PORT DELAY_MS JITTER_MS LOSS_PERCENT SEED
bad-line.py PORT    only has a port send whole frames, as those must that a line takes them from
"""
import array
import fcntl
import heapq
import random
import select
import socket
import struct
import sys
import time

SIOCETHTOOL = 0x8946
# checksums, segments and merged packets are left to cards, which there are none of here
TX_CHECKSUMS, TCP_SEGMENTS, SEGMENTS, MERGED = 0x17, 0x1F, 0x24, 0x2C
OUTGOING = 4


def opened(port):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    sock.bind((port, 0))
    for command in (TX_CHECKSUMS, TCP_SEGMENTS, SEGMENTS, MERGED):
        value = array.array("B", struct.pack("II", command, 0))
        fcntl.ioctl(sock, SIOCETHTOOL, struct.pack("16sP", port.encode(), value.buffer_info()[0]))
    return sock


def main():
    if len(sys.argv) == 2:
        opened(sys.argv[1])
        return
    first, second = (opened(port) for port in sys.argv[1:3])
    delay, jitter, loss, seed = (float(word) for word in sys.argv[3:7])
    chance = random.Random(seed)
    other = {first: second, second: first}
    # order is kept within a direction: what jitters is the line, not each packet
    last = {first: 0.0, second: 0.0}
    under_way = []
    count = 0
    print("ready", flush=True)
    while True:
        wait = max(0.0, under_way[0][0] - time.monotonic()) if under_way else None
        for sock in select.select([first, second], [], [], wait)[0]:
            frame, about = sock.recvfrom(65536)
            if about[2] == OUTGOING or chance.random() * 100 < loss:
                continue
            due = max(last[sock], time.monotonic() + (delay + chance.uniform(0, jitter)) / 1000)
            last[sock] = due
            count += 1
            heapq.heappush(under_way, (due, count, other[sock], frame))
        while under_way and under_way[0][0] <= time.monotonic():
            _, _, sock, frame = heapq.heappop(under_way)
            try:
                sock.send(frame)
            except OSError:
                pass


main()
