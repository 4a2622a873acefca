"""Where an attack string can stand in what comes from outside: files to render, with the options for each."""
import html
import json
import os
import re

PLACES = ("storage markup", "storage values", "adf", "view markup", "view values", "frame", "known")
# A subject with one of these is refused.
CONTROLS = re.compile("[\x00-\x1f\x7f\u0080-\u009f]")
UNESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "\\": "\\"}


def unescape(text):
    out, i = "", 0
    while i < len(text):
        two = text[i + 1:i + 2]
        if text[i] != "\\" or not two:
            out, i = out + text[i], i + 1
        elif two in "xu":
            n = 2 if two == "x" else 4
            out, i = out + chr(int(text[i + 2:i + 2 + n], 16)), i + 2 + n
        else:
            out, i = out + UNESCAPES.get(two, text[i:i + 2]), i + 2
    return out.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def strings(path):
    """(line number, kind, string)"""
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            if not line.startswith("#"):
                kind, text = line.rstrip("\n").split("\t", 1)
                yield number, kind, unescape(text)


def xml(s):
    return html.escape(s, quote=True).replace("\n", "&#10;").replace("\t", "&#9;").replace("\r", "&#13;")


def cdata(s):
    return "<![CDATA[" + s.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def macro(name, parameters, body=""):
    return '<ac:structured-macro ac:name="%s">%s%s</ac:structured-macro>' % (name, "".join(
        '<ac:parameter ac:name="%s">%s</ac:parameter>' % p for p in parameters), body)


def storage_values(s):
    x = xml(s)
    rich = "<ac:rich-text-body><p>%s</p></ac:rich-text-body>" % x
    plain = "<ac:plain-text-body>%s</ac:plain-text-body>" % cdata(s)
    parts = ["<p>%s</p>" % x, "<h2>%s</h2>" % x, "<pre>%s</pre>" % x, "<p>%s</p>" % cdata(s),
             '<p style="%s" class="%s" id="%s" title="%s"><span style="color:%s">text</span></p>' % ((x,) * 5),
             '<p><span style="background-color:%s;width:%s">text</span></p>' % (x, x),
             '<p><a href="%s" title="%s">text</a> <a href="%s"></a> <a name="%s" id="%s">x</a></p>' % ((x,) * 5),
             '<p><img src="%s" alt="%s" title="%s" width="%s" height="%s"/></p>' % ((x,) * 5),
             '<table class="%s" style="%s" data-layout="%s" data-table-width="%s"><colgroup><col style="width:%s"/></colgroup>'
             '<tbody><tr><th colspan="%s" data-highlight-colour="%s">h</th><td style="%s" rowspan="%s">%s</td></tr></tbody></table>'
             % ((x,) * 10),
             '<ol start="%s" type="%s"><li>item</li></ol>' % (x, x),
             '<ac:image ac:alt="%s" ac:title="%s" ac:width="%s" ac:align="%s" ac:border="%s" ac:class="%s">'
             '<ri:attachment ri:filename="%s"/><ac:caption><p>%s</p></ac:caption></ac:image>' % ((x,) * 8),
             '<ac:image ac:alt="p" ac:queryparams="%s"><ri:url ri:value="%s"/></ac:image>' % (x, x),
             '<ac:image ac:width="%s"><ri:attachment ri:filename="p.png"/></ac:image>' % x]
    for target in ('ri:page ri:content-title="%s" ri:space-key="%s"', 'ri:attachment ri:filename="%s" ri:x="%s"',
                   'ri:user ri:account-id="%s" ri:username="%s"', 'ri:space ri:space-key="%s" ri:x="%s"',
                   'ri:url ri:value="%s" ri:x="%s"', 'ri:shortcut ri:key="%s" ri:parameter="%s"',
                   'ri:content-entity ri:content-id="%s" ri:x="%s"'):
        parts.append('<p><ac:link ac:anchor="%s" ac:tooltip="%s"><%s/><ac:plain-text-link-body>%s</ac:plain-text-link-body></ac:link>'
                     '<ac:link><%s/></ac:link></p>' % (x, x, target % (x, x), cdata(s), target % (x, x)))
    parts += ['<p><time datetime="%s"/> <ac:emoticon ac:name="%s" ac:emoji-shortname="%s" ac:emoji-id="%s" ac:emoji-fallback="%s"/>'
              ' <ac:placeholder ac:type="%s">%s</ac:placeholder></p>' % ((x,) * 7),
              '<ac:task-list><ac:task><ac:task-id>%s</ac:task-id><ac:task-status>%s</ac:task-status><ac:task-body>%s</ac:task-body>'
              '</ac:task></ac:task-list>' % (x, x, x),
              '<ac:layout><ac:layout-section ac:type="%s"><ac:layout-cell><p>x</p></ac:layout-cell></ac:layout-section></ac:layout>' % x,
              '<ac:adf-extension><ac:adf-node type="panel"><ac:adf-attribute key="panel-type">%s</ac:adf-attribute>'
              '<ac:adf-attribute key="panel-color">%s</ac:adf-attribute><ac:adf-attribute key="panel-icon-text">%s</ac:adf-attribute>'
              '<ac:adf-content><p>%s</p></ac:adf-content></ac:adf-node></ac:adf-extension>' % (x, x, x, x),
              macro(x, [(x, x)], rich), macro(x, [("", x)], plain), macro(x, []),
              macro("panel", [(k, x) for k in ("title", "bgColor", "titleBGColor", "titleColor", "borderColor", "borderStyle", "borderWidth",
                                               "panelIconText")], rich),
              macro("code", [("title", x), ("language", x), ("firstline", x), ("linenumbers", "true")], plain),
              macro("noformat", [("title", x)], plain), macro("expand", [("title", x)], rich),
              macro("status", [("title", x), ("colour", x)]), macro("anchor", [("", x)]), macro("info", [("title", x), ("icon", x)], rich),
              macro("widget", [("url", x)]), macro("widget", [("url", '<ri:url ri:value="%s"/>' % x)]), macro("iframe", [("src", x)]),
              macro("jira", [("key", x), ("server", x)]), macro("jira", [("jqlQuery", x), ("title", x)]), macro("rss", [("url", x)]),
              macro("html", [], plain), macro("markdown", [], plain), macro("style", [], plain), macro("javascript", [], plain),
              macro("unmigrated-wiki-markup", [], plain), macro("mathblock", [], plain), macro("mermaid", [("title", x)], plain),
              macro("drawio", [("diagramName", x)]), macro("auibutton", [("url", x), ("title", x)]), macro("redirect", [("location", x)]),
              macro("view-file", [("name", '<ri:attachment ri:filename="%s"/>' % x)]), macro("multimedia", [("name", x)]),
              macro("include", [("", '<ac:link><ri:page ri:content-title="%s"/></ac:link>' % x)]), macro("toc", [("separator", x), ("class", x)]),
              macro("localtabgroup", [], "<ac:rich-text-body>" + macro("localtab", [("title", x)], rich) + "</ac:rich-text-body>"),
              macro("chart", [("title", x)], rich), macro("details", [("label", x)], rich), macro("profile", [("user", x)]),
              macro("div", [("style", x), ("class", x)], rich), macro("gallery", [("title", x)])]
    return "".join(parts)


def adf(s):
    def text(t, *marks):
        return {"type": "text", "text": t, "marks": list(marks)}

    def mark(kind, **attrs):
        return {"type": kind, "attrs": attrs}

    def node(kind, content=None, **attrs):
        return {"type": kind, "attrs": attrs, **({"content": content} if content is not None else {})}

    say = text(s or " ")
    p = node("paragraph", [say])
    inline = [say, text("x", mark("link", href=s, title=s)), text("x", mark("textColor", color=s)), text("x", mark("backgroundColor", color=s)),
              text("x", mark("subsup", type=s)), text("x", mark("annotation", id=s, annotationType=s)), text("x", mark(s)),
              text(s or " ", mark("code")), node("mention", id=s, text=s, userType=s), node("mention", id=s), node("status", text=s, color=s, style=s),
              node("date", timestamp=s), node("emoji", shortName=s, text=s, id=s), node("inlineCard", url=s),
              node("inlineCard", data={"name": s, "url": s, "@type": s}), node("hardBreak", text=s), node("placeholder", text=s),
              node("mediaInline", id=s, collection=s, type=s, alt=s), node("inlineExtension", extensionType=s, extensionKey=s, text=s,
                                                                           parameters={"extensionTitle": s})]
    core = "com.atlassian.confluence.macro.core"
    blocks = [node("paragraph", inline, localId=s), node("heading", [say], level=2), node("heading", [say], level=s),
              node("panel", [p], panelType=s, panelColor=s, panelIcon=s, panelIconText=s), node("panel", [p], panelType="custom", panelColor=s, panelIconText=s),
              node("codeBlock", [say], language=s), node("expand", [p], title=s), node("rule", color=s, style=s), node(s, [p], **{"x": s}),
              node("taskList", [node("taskItem", [say], localId=s, state=s)], localId=s),
              node("decisionList", [node("decisionItem", [say], localId=s, state=s)], localId=s),
              node("orderedList", [node("listItem", [p])], order=s),
              node("table", [node("tableRow", [node("tableHeader", [p], colspan=s, colwidth=[s], background=s), node("tableCell", [p], rowspan=s, valign=s)])],
                   layout=s, width=s, displayMode=s),
              node("layoutSection", [node("layoutColumn", [p], width=s, valign=s)]),
              node("mediaSingle", [node("media", type="external", url=s, alt=s, width=s), node("caption", [say])], layout=s, width=s, widthType=s),
              node("mediaSingle", [node("media", type="file", id=s, collection=s, alt=s, occurrenceKey=s)]),
              node("mediaGroup", [node("media", type=s, id=s, collection=s, url=s)]),
              node("blockCard", url=s), node("blockCard", data={"name": s, "summary": s, "url": s}), node("blockCard", datasource={"id": s, "views": [s]}),
              node("embedCard", url=s, layout=s), node("syncBlock", resourceId=s),
              node("extension", extensionType=core, extensionKey=s, text=s, parameters={"macroParams": {s: {"value": s}}, "macroMetadata": {"title": s}}),
              node("extension", extensionType=s, extensionKey=s, text=s, parameters={"extensionTitle": s}),
              node("bodiedExtension", [p], extensionType=core, extensionKey="panel", parameters={"macroParams": {"title": {"value": s}, "bgColor": {"value": s}}}),
              node("unsupportedBlock", originalValue={"cxhtml": s}), node("confluenceUnsupportedBlock", cxhtml=s)]
    for key in ("html", "iframe", "widget", "code", "style", "markdown"):
        blocks.append(node("extension", extensionType=core, extensionKey=key, parameters={"macroParams": {
            "src": {"value": s}, "url": {"value": s}, "title": {"value": s}, "__bodyContent": {"value": s}}}))
    return json.dumps({"type": "doc", "version": 1, "content": blocks})


def view_values(s):
    x = xml(s)
    return ('<div id="main-content"><p>%s</p><p style="%s" class="%s" title="%s">text</p><pre class="brush: %s">%s</pre>' % ((x,) * 6) +
            '<a href="%s" title="%s" data-card-appearance="block">text</a><a href="%s">%s</a>' % ((x,) * 4) +
            '<a class="confluence-embedded-file" href="%s" data-linked-resource-default-alias="%s">%s</a>' % ((x,) * 3) +
            '<a class="confluence-userlink user-mention" data-username="%s" href="%s">%s</a>' % ((x,) * 3) +
            '<img src="%s" alt="%s" width="%s"><img class="emoticon" src="%s" alt="%s" data-emoji-fallback="%s">' % ((x,) * 6) +
            '<img class="confluence-embedded-image" src="%s" data-image-src="%s" data-linked-resource-default-alias="%s" alt="%s">' % ((x,) * 4) +
            '<span class="status-macro aui-lozenge %s" style="%s">%s</span><time datetime="%s">%s</time>' % ((x,) * 5) +
            '<div class="panel" style="background-color:%s;border-color:%s"><div class="panelHeader" style="%s">%s</div>'
            '<div class="panelContent" style="background:%s">%s</div></div>' % ((x,) * 6) +
            '<div class="code panel"><div class="codeHeader"><b>%s</b></div><pre>%s</pre></div>' % (x, x) +
            '<div class="expand-container"><span class="expand-control-text">%s</span><div class="expand-content">%s</div></div>' % (x, x) +
            '<div data-macro-name="%s" data-macro-parameters="%s">%s</div><img class="editor-inline-macro" data-macro-name="%s">' % ((x,) * 4) +
            '<span class="confluence-jim-macro jira-issue" data-jira-key="%s"><a href="%s">%s</a><span class="summary">%s</span></span>' % ((x,) * 4) +
            '<table class="%s" style="%s"><tr><td colspan="%s" data-highlight-colour="%s" style="%s">%s</td></tr></table></div>' % ((x,) * 6))


def known(s):
    """A job's fields beside the page, for `--job`; and a page that uses them."""
    line = CONTROLS.sub(" ", s)
    # Addresses are checked when the job comes in; what is no address is refused there.
    urls = ["https://site.example/%d?%s" % (i, "".join(c for c in line if c > " " and c not in '<>"')) for i in range(3)]
    job = {"users": [{"account_id": "u1", "name": line}],
           "links": [{"url": urls[0], "title": line, "summary": line, "status": line}, {"url": urls[1], "title": line, "issue_key": "ABC-1"},
                     {"url": urls[2], "title": line, "content_title": "Known", "space_key": "DOC"}],
           "macros": {"m1": {"html": s}, "m2": {"text": s}, "m3": {"adf": adf(s)}, "m4": {"adf": s}},
           "page": {"space_name": line, "created_by": line, "updated_by": line},
           "layout": {"header_text": line, "button_label": line, "css": s}}
    page = ('<p><ac:link><ri:user ri:account-id="u1"/></ac:link> <a href="%s" data-card-appearance="block">x</a>' % xml(urls[0]) +
            '<ac:link><ri:page ri:content-title="Known"/></ac:link></p>' + macro("jira", [("key", "ABC-1")]))
    for number in range(1, 5):
        page += '<ac:structured-macro ac:name="jirachart" ac:local-id="m%d" ac:macro-id="m%d"/>' % (number, number)
    page += '<div class="x"><p class="x" id="x">styled</p></div><table><tbody><tr><td>cell</td></tr></tbody></table>'
    return job, page


def file_name(s):
    return s.replace("/", "_").replace("\0", "_").encode()[:200].decode("utf-8", "ignore") + ".txt"


def write(folder, number, s):
    """The files of one string in `folder`: place -> (path, options)."""
    def put(place, ending, content):
        path = os.path.join(folder, place.replace(" ", "-"), "%d%s" % (number, ending))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8", newline="") as f:
            f.write(content)
        return path

    job, page = known(s)
    name = os.path.join(folder, "names", str(number), file_name(s))
    os.makedirs(os.path.dirname(name), exist_ok=True)
    with open(name, "w", encoding="utf-8") as f:
        f.write(s)
    flat = s.replace("\0", " ")
    frame = ["--title", flat, "--subject", CONTROLS.sub(" ", s), "--note", flat, "--sender", flat, "--button", flat, "--space", flat, "--attach", name]
    return {
        "storage markup": (put("storage markup", ".xml", "<p>before</p>" + s + "<p>after</p>"), []),
        "storage values": (put("storage values", ".xml", storage_values(s)), []),
        "adf": (put("adf", ".json", adf(s)), []),
        "view markup": (put("view markup", ".html", "<p>before</p>" + s + "<p>after</p>"), []),
        "view values": (put("view values", ".html", view_values(s)), []),
        "frame": (put("frame", ".xml", "<p>page</p>"), frame),
        "known": (put("known", ".xml", page), ["--job", put("jobs", ".json", json.dumps(job))]),
    }
