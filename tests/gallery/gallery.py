"""Pages of tests/gallery/pages as a reader sees them: rendered, their pictures laid beside them, shown in a browser.

    tests/gallery/make      takes the pictures, build/gallery/sheet.html and sheet.png
    tests/e2e/gallery       measures the same views
"""
import base64
import email
import email.policy
import glob
import html
import os
import struct
import subprocess
import sys
import zlib

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "e2e"))
import browser  # noqa: E402

PROGRAM = os.path.join(ROOT, "build", "pagepost")
HERE = os.path.join(ROOT, "tests", "gallery")
# Name, width, dark, with the <style> of the head (some clients drop it).
VIEWS = [("680 light", 680, False, True), ("680 dark", 680, True, True), ("360 light", 360, False, True),
         ("360 dark", 360, True, True), ("360 without style", 360, False, False)]
# Name, width, height, two colours: what the pages show.
PICTURES = [("photo.png", 1200, 600, (52, 101, 164), (138, 173, 220)), ("tall.png", 300, 700, (78, 154, 6), (186, 220, 130)),
            ("small.png", 64, 48, (204, 0, 0), (250, 180, 180)), ("wide.png", 2400, 300, (117, 80, 123), (200, 170, 205))]


def png(width, height, dark, pale):
    """Bands of two colours, with a frame, so that what is cut off is seen."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            edge = x < 3 or y < 3 or x >= width - 3 or y >= height - 3
            rows += bytes(dark if edge or (x * 8 // width + y * 8 // height) % 2 else pale)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(rows), 6)) + chunk(b"IEND", b"")


def long_page():
    """More than mail readers show: it is cut."""
    rows = ("<h2>Chapter %d</h2><p>%s</p><ul><li>one</li><li>two</li></ul><table><tbody><tr><th>Name</th><th>Value</th></tr>"
            "<tr><td>number</td><td>%d</td></tr></tbody></table>")
    return "".join(rows % (i, "Some words that fill a paragraph of usual length. " * 8, i) for i in range(160))


def prepare(out):
    """All pages, with the attachments they name; the list of sources."""
    os.makedirs(os.path.join(out, "files"), exist_ok=True)
    for name, width, height, dark, pale in PICTURES:
        with open(os.path.join(out, "files", name), "wb") as f:
            f.write(png(width, height, dark, pale))
    with open(os.path.join(out, "files", "Report 2026.pdf"), "wb") as f:
        f.write(b"%PDF-1.4\n" + b"%" * 3000 + b"\n%%EOF\n")
    with open(os.path.join(out, "long-page.xml"), "w") as f:
        f.write(long_page())
    return sorted(glob.glob(os.path.join(HERE, "pages", "*.[xjh]*"))) + [os.path.join(out, "long-page.xml")]


def render(source, out):
    """The page's message; its HTML part and pictures as files. The HTML's two paths, with and without its <style>."""
    name = os.path.splitext(os.path.basename(source))[0]
    folder = os.path.join(out, name)
    os.makedirs(folder, exist_ok=True)
    eml = os.path.join(folder, "message.eml")
    files = [a for f in sorted(glob.glob(os.path.join(out, "files", "*"))) for a in ("--attach", f)]
    more = os.path.splitext(source)[0] + ".args"
    if os.path.exists(more):
        with open(more, encoding="utf-8") as f:
            files += f.read().splitlines()
    done = subprocess.run([PROGRAM, "render", "--title", name.replace("-", " ").capitalize(), "--space", "DOC", "--page", "42",
                    "--site", "https://site.example/wiki", "--sender", "Ann Example", "--note",
                    "Please have a look at this page.", "--date", "1795305600", "-o", eml] + files + [source],
                          check=False, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    if "taken by this version" in done.stderr:
        return None
    done.check_returncode()
    with open(eml, "rb") as f:
        message = email.message_from_binary_file(f, policy=email.policy.default)
    text = next(p for p in message.walk() if p.get_content_type() == "text/html").get_content()
    for part in message.walk():
        if part["Content-ID"]:
            cid = part["Content-ID"].strip("<>")
            picture = "%s.%s" % (cid.split("@")[0], part.get_content_subtype())
            with open(os.path.join(folder, picture), "wb") as f:
                f.write(part.get_content())
            text = text.replace("cid:" + cid, picture)
    with_style, without = os.path.join(folder, "page.html"), os.path.join(folder, "bare.html")
    for path, content in ((with_style, text), (without, drop_style(text))):
        with open(path, "w", encoding="utf-8") as f:
            f.write(content)
    return name, with_style, without


def drop_style(text):
    start, end = text.find("<style"), text.find("</style>")
    return text if start < 0 else text[:start] + text[end + len("</style>"):]


def views(tab, with_style, without):
    """The tab shows one view after another; each one's name."""
    for view, width, dark, styled in VIEWS:
        tab.size(width, dark=dark)
        tab.load("file://" + (with_style if styled else without))
        yield view


def measure(tab):
    with open(os.path.join(HERE, "measure.js"), encoding="utf-8") as f:
        return tab.run(f.read())


def sheet(shots, out):
    """One page with all pictures, a row for each page."""
    rows = "".join("<tr><th>%s</th>%s</tr>" % (html.escape(name), "".join(
        '<td><p>%s</p><a href="%s"><img src="%s" width="%d"></a></td>' % (html.escape(view), path, path, width // 2)
        for view, width, path in row)) for name, row in shots)
    path = os.path.join(out, "sheet.html")
    with open(path, "w", encoding="utf-8") as f:
        f.write('<!DOCTYPE html><meta charset="utf-8"><title>Gallery</title><style>body{font:14px Arial;background:#999}'
                'td,th{vertical-align:top;padding:4px;text-align:left}p{margin:0}</style><table>%s</table>' % rows)
    return path


def take_pictures(out):
    shots = []
    with browser.Browser() as b:
        tab = b.tab()
        for source in prepare(out):
            made = render(source, out)
            if made is None:
                continue
            name, *pages = made
            row = []
            for number, view in enumerate(views(tab, *pages)):
                path = os.path.join(name, view.replace(" ", "-") + ".png")
                with open(os.path.join(out, path), "wb") as f:
                    f.write(base64.b64decode(tab.picture()))
                row.append((view, VIEWS[number][1], path))
                for wrong in measure(tab):
                    print("%s, %s: %s" % (name, view, wrong))
            shots.append((name, row))
        tab.size(1600)
        path = sheet(shots, out)
        tab.load("file://" + path)
        with open(os.path.join(out, "sheet.png"), "wb") as f:
            f.write(base64.b64decode(tab.picture()))
    print("written to %s" % os.path.relpath(path, ROOT))
