"""What a proof needs: canaries, the forms in which they may hide, and a search of memory and files for all of them."""
import base64
import ctypes
import os
import re
import secrets
import stat
import subprocess
import time

from harness import Skip

HALF = 16  # a part of a form this long is found too: what begins a freed block is soon overwritten


def letters(length=32):
    """Chance, in characters that stand in a name, an address and a password alike."""
    return "".join(secrets.choice("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789") for _ in range(length))


def _base64_of(value, shift):
    """The characters that stand for value alone where `shift` bytes are before it."""
    encoded = base64.b64encode(bytes(shift) + value)
    return encoded[-(-shift * 8 // 6):(shift + len(value)) * 8 // 6]


def _parts(form):
    middle = len(form) // 2
    return {form[:middle][-24:], form[middle:][:24]} if len(form) >= 2 * HALF else {form}


def forms(value):
    """{(name of the form, bytes to look for)}"""
    found = {("raw", part) for part in _parts(value)}
    for shift in range(3):
        for part in _parts(_base64_of(value, shift)):
            found.add((f"base64 at {shift}", part))
            found.add((f"base64url at {shift}", part.replace(b"+", b"-").replace(b"/", b"_")))
    for name, pattern in (("quoted-printable", "=%02X"), ("percent", "%%%02X"), ("percent", "%%%02x"), ("hex", "%02x"), ("hex", "%02X")):
        found.add((name, "".join(pattern % b for b in value[:HALF]).encode()))
    if value.isascii():
        found |= {("UTF-16", value[:HALF].decode().encode("utf-16-" + end)) for end in ("le", "be")}
        found |= {("lower case", part.lower()) for part in _parts(value)}
    return found


class Canaries(dict):
    """{place: value}; a value is text or bytes."""

    def needles(self):
        return [(place, form, what) for place, value in self.items()
                for form, what in forms(value if isinstance(value, bytes) else value.encode())]

    def found_in(self, content, where=""):
        """["place as form in where"]"""
        return sorted({f"{place} as {form}{where and ' in ' + where}" for place, form, what in self.needles() if what in content})


def _writable_maps(pid):
    with open(f"/proc/{pid}/maps") as maps:
        for line in maps:
            place, mode, _, _, inode, *name = line.split()
            name = name[0] if name else ""
            if mode[0] == "r" and (inode == "0" or mode[1] == "w") and name not in ("[vvar]", "[vsyscall]", "[vvar_vclock]"):
                yield (*(int(x, 16) for x in place.split("-")), name or "anonymous")


def memory(pid):
    """[(name of the mapping, its bytes without the pages of zeroes)] of what a process can have put something into."""
    if os.geteuid() != 0:
        raise Skip("memory of another process is for root to read")
    page, zeroes, found = 4096, bytes(4096), []
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as mem:
        for start, end, name in _writable_maps(pid):
            kept = bytearray()
            for at in range(start, end, 1 << 22):
                try:
                    mem.seek(at)
                    piece = mem.read(min(end - at, 1 << 22))
                except OSError:  # guard pages
                    continue
                if piece.count(0) == len(piece):
                    continue
                for i in range(0, len(piece), page):
                    part = piece[i:i + page]
                    if part != zeroes:
                        kept += part
            found.append((f"{name} at {start:x}", bytes(kept)))
    return found


def found_in_memory(canaries, pid):
    needles = canaries.needles()
    return sorted({f"{place} as {form} in {where}" for where, content in memory(pid) for place, form, what in needles if what in content})


def changed_files(since, but=()):
    """Regular files under writable mounts that changed, by name; without those of `but`, folders of others."""
    roots = set()
    with open("/proc/self/mounts") as mounts:
        for line in mounts:
            _, at, kind, options, *_ = line.split()
            at = re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), at)
            if "rw" in options.split(",") and kind not in ("proc", "sysfs", "cgroup", "cgroup2", "devpts", "devtmpfs", "securityfs", "bpf",
                                                          "tracefs", "debugfs", "mqueue", "hugetlbfs", "binfmt_misc", "autofs", "pstore"):
                roots.add(at)
    pruned = [word for folder in but for word in ("-path", folder, "-prune", "-o")]
    done = subprocess.run(["find", *sorted(roots), "-xdev", *pruned, "-type", "f", "-newermt", f"@{since}", "-print0"], capture_output=True)
    return [os.fsdecode(name) for name in done.stdout.split(b"\0") if name]


def found_in_files(canaries, names, largest=64 << 20):
    needles, found = canaries.needles(), set()
    for name in names:
        try:
            if not stat.S_ISREG(os.stat(name).st_mode) or os.stat(name).st_size > largest:
                continue
            with open(name, "rb") as f:
                content = f.read()
        except OSError:  # it is gone again
            continue
        found |= {f"{place} as {form} in {name}" for place, form, what in needles if what in content}
    return sorted(found)


def now():
    """A moment for changed_files(): one that is over for every file system's clock."""
    moment = time.time()
    time.sleep(0.02)
    return moment


def has_landlock():
    return ctypes.CDLL(None, use_errno=True).syscall(444, None, 0, 1) > 0


def needs_full_confinement():
    if not has_landlock():
        raise Skip("this kernel has no Landlock")


def pair_of(gateway):
    """{subcommand: pid} of keeper and gateway behind `serve`."""
    found = {}
    with open(f"/proc/{gateway.process.pid}/task/{gateway.process.pid}/children") as f:
        for pid in map(int, f.read().split()):
            with open(f"/proc/{pid}/cmdline", "rb") as line:
                words = line.read().split(b"\0")
            if len(words) > 1 and words[1] in (b"gateway", b"keeper"):
                found[words[1].decode()] = pid
    return found
