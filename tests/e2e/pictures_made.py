"""Pictures for the suite `pictures`: made here, byte by byte or by the codecs' own tools, and read again."""
import os
import struct
import subprocess
import tempfile
import zlib

WIDTH, HEIGHT = 96, 64
CORNER = 24  # px of the red square, top left; the rest is blue above and green below
RED, GREEN, BLUE, WHITE = (220, 30, 30), (30, 160, 60), (30, 60, 200), (255, 255, 255)


def sample(width=WIDTH, height=HEIGHT):
    """Rows of RGB: a picture of which one sees how it lies."""
    scale = width / WIDTH
    rows = []
    for y in range(height):
        left = RED if y < CORNER * scale else None
        colour = BLUE if y < height / 2 else GREEN
        corner = int(CORNER * scale)
        rows.append(bytes((left or colour) * corner) + bytes(colour * (width - corner)))
    return rows


def noise(width, height, seed=7):
    """Rows that no format packs well."""
    rows = []
    for _ in range(height):
        row = bytearray()
        for _ in range(width * 3 // 8 + 1):
            seed = (seed * 6364136223846793005 + 1442695040888963407) & (1 << 64) - 1
            row += struct.pack("<Q", seed ^ seed >> 29)
        rows.append(bytes(row[:width * 3]))
    return rows


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(rows, *more, alpha=False):
    width = len(rows[0]) // (4 if alpha else 3)
    head = struct.pack(">IIBBBBB", width, len(rows), 8, 6 if alpha else 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + b"".join(more) +
            chunk(b"IDAT", zlib.compress(b"".join(b"\0" + r for r in rows))) + chunk(b"IEND", b""))


def bmp(rows):
    width, height = len(rows[0]) // 3, len(rows)
    stride = (width * 3 + 3) // 4 * 4
    body = b"".join(bytes(v for i in range(0, len(r), 3) for v in (r[i + 2], r[i + 1], r[i])).ljust(stride, b"\0")
                    for r in reversed(rows))
    return (b"BM" + struct.pack("<IHHI", 54 + len(body), 0, 0, 54) +
            struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, len(body), 0, 0, 0, 0) + body)


def tiff(rows, orientation=1):
    width, height = len(rows[0]) // 3, len(rows)
    body = b"".join(rows)
    fields = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 3, 8 + 2 + 11 * 12 + 4), (259, 3, 1, 1), (262, 3, 1, 2),
              (273, 4, 1, 8 + 2 + 11 * 12 + 4 + 6), (274, 3, 1, orientation), (277, 3, 1, 3), (278, 4, 1, height),
              (279, 4, 1, len(body)), (284, 3, 1, 1)]
    return (b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", len(fields)) +
            b"".join(struct.pack("<HHII", *f) for f in fields) + struct.pack("<I", 0) + struct.pack("<HHH", 8, 8, 8) + body)


def svg(inside, head="", width=WIDTH, height=HEIGHT):
    return (f'<?xml version="1.0"?>{head}<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'width="{width}" height="{height}">{inside}</svg>').encode()


def sample_svg():
    return svg(f'<rect width="{WIDTH}" height="{HEIGHT}" fill="rgb{GREEN}"/>'
               f'<rect width="{WIDTH}" height="{HEIGHT // 2}" fill="rgb{BLUE}"/>'
               f'<rect width="{CORNER}" height="{CORNER}" fill="rgb{RED}"/>')


def by_tool(command, content, suffix_in, suffix_out):
    """The output of a codec's own tool, whose arguments IN and OUT are files."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {"IN": os.path.join(folder, "in" + suffix_in), "OUT": os.path.join(folder, "out" + suffix_out)}
        with open(paths["IN"], "wb") as f:
            f.write(content)
        subprocess.run([paths.get(word, word) for word in command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(paths["OUT"], "rb") as f:
            return f.read()


def ppm(rows):
    return b"P6\n%d %d\n255\n" % (len(rows[0]) // 3, len(rows)) + b"".join(rows)


def jpeg(rows, quality=92):
    return by_tool(["cjpeg", "-quality", str(quality), "-sample", "1x1", "-outfile", "OUT", "IN"], ppm(rows), ".ppm", ".jpg")


def webp(rows):
    return by_tool(["cwebp", "-quiet", "-q", "95", "IN", "-o", "OUT"], png(rows), ".png", ".webp")


def moving_webp(frames, at=(0, 0)):
    """WebP pictures one after another; the first stands at a place of its own, the others at the corner."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["webpmux"]
        for i, frame in enumerate(frames):
            path = os.path.join(folder, f"{i}.webp")
            with open(path, "wb") as f:
                f.write(frame)
            x, y = at if i == 0 else (0, 0)
            command += ["-frame", path, f"+100+{x}+{y}"]
        out = os.path.join(folder, "out.webp")
        subprocess.run(command + ["-loop", "0", "-o", out], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(out, "rb") as f:
            return f.read()


def avif(rows, *turned):
    return by_tool(["avifenc", "--min", "5", "--max", "10", "-s", "8", *turned, "IN", "OUT"], png(rows), ".png", ".avif")


def exif(orientation, words=b""):
    """APP1 with an orientation, and words that nobody is to read."""
    body = b"Exif\0\0MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1" + struct.pack(">HH", orientation, 0) + b"\0\0\0\0" + words
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def with_segments(content, *segments):
    return content[:2] + b"".join(segments) + content[2:]


def read_png(content):
    """(width, height, pixel function) of an RGB picture of 8 bits, not interlaced."""
    at, data = 8, b""
    while at < len(content):
        size, kind = struct.unpack(">I4s", content[at:at + 8])
        if kind == b"IHDR":
            width, height, bits, colour = struct.unpack(">IIBB", content[at + 8:at + 18])
        if kind == b"IDAT":
            data += content[at + 8:at + 8 + size]
        at += size + 12
    assert (bits, colour) == (8, 2), (bits, colour)
    raw, stride = zlib.decompress(data), width * 3
    before, rows = bytearray(stride), []
    for y in range(height):
        how, row = raw[y * (stride + 1)], bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        for i in range(stride):
            a, b, c = row[i - 3] if i >= 3 else 0, before[i], before[i - 3] if i >= 3 else 0
            p = a + b - c
            nearest = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
            row[i] = (row[i] + (0, a, b, (a + b) // 2, nearest)[how]) & 255
        rows.append(row)
        before = row
    return width, height, lambda x, y: tuple(rows[y][3 * x:3 * x + 3])


def read_jpeg(content):
    raw = by_tool(["djpeg", "-rgb", "-pnm", "-outfile", "OUT", "IN"], content, ".jpg", ".ppm")
    _, size, _, body = raw.split(b"\n", 3)
    width, height = map(int, size.split())
    return width, height, lambda x, y: tuple(body[3 * (y * width + x):3 * (y * width + x) + 3])


def read(content):
    return read_png(content) if content.startswith(b"\x89PNG") else read_jpeg(content)
