"""Reads what strace saw of a program: each call that could put something into a file, and the file."""
import os
import re

CALLS = ("open,openat,openat2,creat,mkdir,mkdirat,mknod,mknodat,rmdir,rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,"
         "unlinkat,truncate,ftruncate,fallocate,memfd_create,memfd_secret,chmod,fchmod,fchmodat,chown,fchown,lchown,fchownat,utimensat,"
         "setxattr,lsetxattr,fsetxattr,bind,write,writev,pwrite64,pwritev,pwritev2,sendfile,splice,copy_file_range,mmap,io_uring_setup")
KIN = "execve,clone,clone3,fork,vfork,landlock_create_ruleset"
SINKS = ("/dev/null", "/dev/pts/", "/dev/tty")
WRITES = {"write", "writev", "pwrite64", "pwritev", "pwritev2", "ftruncate", "fallocate", "fchmod", "fchown", "fsetxattr"}
INTO = {"sendfile": 0, "splice": 1, "copy_file_range": 1}


def strace(output, argv):
    """strace outlives what it looks at by a moment, and is no relative of it: who starts `argv` has its pid."""
    return ["strace", "-DD", "-f", "--seccomp-bpf", "-y", "-s", "40", "-e", "trace=" + CALLS + "," + KIN, "-e", "signal=none",
            "-o", output, *argv]


def read(path):
    """The text of a trace."""
    with open(path, errors="surrogateescape") as f:
        return f.read()


def whole_lines(text):
    """(pid, call, arguments, result); what strace tore apart for another process is put together."""
    torn = {}
    for line in text.splitlines():
        pid, _, rest = line.partition(" ")
        rest = rest.strip()
        if rest.endswith("<unfinished ...>"):
            torn[pid] = rest[:-len("<unfinished ...>")]
            continue
        if resumed := re.match(r"<\.\.\. \w+ resumed>", rest):
            rest = torn.pop(pid, "") + rest[resumed.end():]
        if done := re.fullmatch(r"(\w+)\((.*)\)\s+= (-?\w+.*)", rest):
            yield pid, done[1], done[2], done[3]


def annotated(arguments):
    """The paths of descriptors, in order: 5</etc/hosts>"""
    return re.findall(r"\b(?:\d+|AT_FDCWD)<((?:[^>\\]|\\.)*)>", arguments)


def is_file(path):
    return path.startswith("/") and not path.startswith(SINKS)


def what_it_writes(call, arguments, result):
    """The file that this call made, changed or may change from now on; None."""
    if result.startswith("-1") or call in KIN.split(","):
        return None
    paths, named = annotated(arguments), re.findall(r'"((?:[^"\\]|\\.)*)"', arguments)
    if call in ("open", "openat", "openat2", "creat"):
        writes = call == "creat" or re.search(r"\bO_(WRONLY|RDWR|CREAT|TRUNC|TMPFILE|APPEND)\b", arguments)
        opened = re.search(r"<(.*)>", result)
        return opened[1] if writes and opened and is_file(opened[1]) else None
    if call in WRITES:
        return paths[0] if paths and is_file(paths[0]) else None
    if call in INTO:
        return paths[INTO[call]] if len(paths) > INTO[call] and is_file(paths[INTO[call]]) else None
    if call == "mmap":
        return paths[0] if "MAP_SHARED" in arguments and "PROT_WRITE" in arguments and paths and is_file(paths[0]) else None
    if call == "bind":
        path = re.search(r'sun_path="([^"]*)"', arguments)
        return path[1] if path else None
    if call in ("memfd_create", "memfd_secret", "io_uring_setup"):
        return call
    base = next((p for p in paths if p.startswith("/")), "")
    return os.path.join(base, named[-1]) if named else call


def role_of(arguments):
    """What an execve makes of its process: `pagepost keeper` is keeper, another program is its own name."""
    program, *rest = re.findall(r'"((?:[^"\\]|\\.)*)"', arguments)
    return rest[1] if len(rest) > 1 and os.path.basename(rest[0]) == "pagepost" else os.path.basename(program)


def written(text):
    """[(role, call, file)], by each process and thread of a trace."""
    lines, parents, roles = list(whole_lines(text)), {}, {}
    for i, (pid, call, arguments, result) in enumerate(lines):
        if call in ("clone", "clone3", "fork", "vfork") and result.isdigit():
            parents[result] = (pid, i)
        elif call == "execve" and result == "0":
            roles.setdefault(pid, []).append((i, role_of(arguments)))

    def role(pid, i):
        own = [name for at, name in roles.get(pid, []) if at <= i]
        return own[-1] if own else role(*parents[pid]) if pid in parents else "?"

    return [(role(pid, i), call, file) for i, (pid, call, arguments, result) in enumerate(lines)
            if (file := what_it_writes(call, arguments, result))]


def is_whole(text, pid):
    """strace saw the end of this process."""
    return re.search(rf"^{pid} +\+\+\+ ", text, re.MULTILINE) is not None
