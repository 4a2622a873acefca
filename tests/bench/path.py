"""Two hosts with a path of a given delay between them, for measuring: network namespaces, each with a TUN device, and a
process that carries packets from one to the other and holds each for half the round trip. The kernel's own TCP runs at both
ends, so that acknowledgements take their time, too, which a delaying proxy would hide."""
import collections
import contextlib
import ctypes
import fcntl
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import time

ADDRESSES, NETWORK = {"client": "192.0.2.1", "server": "192.0.2.2"}, "192.0.2.0/30"
MTU = 1500
# Some pace their packets; this one does not, like the default of Debian. A connection at rest keeps its window.
SETTINGS = {"tcp_congestion_control": "reno", "tcp_slow_start_after_idle": "0"}
_CLONE_NEWNET, _TUNSETIFF, _IFF_TUN, _IFF_NO_PI = 0x40000000, 0x400454CA, 0x0001, 0x1000


class Path:
    """Root only. `argv(host, ...)` is a command to be run at one end: "client" or "server"."""

    def __init__(self, round_trip_s):
        self._hosts = {}
        for name in ADDRESSES:
            self._hosts[name] = subprocess.Popen(["unshare", "-n", "sleep", "3600"])
            while os.readlink(f"/proc/{self._hosts[name].pid}/ns/net") == os.readlink("/proc/self/ns/net"):
                time.sleep(0.01)
        pids = [str(host.pid) for host in self._hosts.values()]
        self._carrier = subprocess.Popen([sys.executable, __file__, str(round_trip_s / 2), *pids], stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE)
        if not self._carrier.stdout.readline():
            self.stop()
            raise OSError("no TUN devices here")
        for name, address in ADDRESSES.items():
            for command in (["addr", "add", address + "/30", "dev", "path0"], ["link", "set", "path0", "mtu", str(MTU), "up"],
                            ["link", "set", "lo", "up"]):
                subprocess.run(self.argv(name, "ip", *command), check=True)
            for setting, value in SETTINGS.items():
                subprocess.run(self.argv(name, "sh", "-c", f"echo {value} >/proc/sys/net/ipv4/{setting}"), check=True)

    def argv(self, host, *command):
        return ["nsenter", f"--net=/proc/{self._hosts[host].pid}/ns/net", *command]

    def turn_arounds(self):
        """How often, since this was asked last, the client's end sent data after it had got some."""
        self._carrier.stdin.write(b"\n")
        self._carrier.stdin.flush()
        return int(self._carrier.stdout.readline())

    def stop(self):
        for child in (self._carrier, *self._hosts.values()):
            child.kill()
            child.wait()


def _device(pid):
    """The descriptor of path0 in a process's network namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open(f"/proc/{pid}/ns/net") as namespace:
        if libc.setns(namespace.fileno(), _CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns")
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tun, _TUNSETIFF, struct.pack("16sH14x", b"path0", _IFF_TUN | _IFF_NO_PI))
    return tun


def _has_data(packet):
    """Whether this is a TCP segment that carries any, over IPv4."""
    if packet[0] >> 4 != 4 or packet[9] != socket.IPPROTO_TCP:
        return False
    head = (packet[0] & 15) * 4
    return int.from_bytes(packet[2:4], "big") > head + (packet[head + 12] >> 4) * 4


class _Turns:
    def __init__(self):
        self._heard, self._count = False, 0

    def client_sends(self, packet):
        if self._heard and _has_data(packet):
            self._heard = False
            self._count += 1

    def client_gets(self, packet):
        self._heard = self._heard or _has_data(packet)

    def take(self):
        count, self._count, self._heard = self._count, 0, False
        return count


def _carry(delay_s, client, server):
    turns, other = _Turns(), {client: server, server: client}
    under_way = collections.deque()  # the delay is the same for all: first in, first out
    while True:
        wait = max(0, under_way[0][0] - time.monotonic()) if under_way else None
        ready = select.select([client, server, sys.stdin], [], [], wait)[0]
        if sys.stdin in ready:
            if not sys.stdin.readline():
                return
            print(turns.take(), flush=True)
            ready.remove(sys.stdin)
        for tun in ready:
            with contextlib.suppress(BlockingIOError):
                while True:
                    packet = os.read(tun, MTU)
                    under_way.append((time.monotonic() + delay_s, other[tun], packet))
                    if tun == client:
                        turns.client_sends(packet)
        while under_way and under_way[0][0] <= time.monotonic():
            _, tun, packet = under_way.popleft()
            if tun == client:
                turns.client_gets(packet)
            with contextlib.suppress(OSError):  # lost, as on any path
                os.write(tun, packet)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    devices = [_device(pid) for pid in sys.argv[2:]]
    print("ready", flush=True)
    _carry(float(sys.argv[1]), *devices)
