"""The words that a reader sees on a page of HTML which Confluence rendered, by a walk of its own: Python's HTML parser,
and rules on what is hidden (render-spec.md section 8). Knows nothing of how Pagepost reads it."""
import html.parser

VOID = set('area base br col embed hr img input link meta param source track wbr'.split())
# Content that is never shown, or not in its own words.
HIDDEN = set('script style noscript template head title iframe object svg form button select textarea datalist canvas '
             'video audio noembed noframes'.split())
# A mail says these in words of its own, or shows what they stand for.
HIDDEN_CLASSES = set('hidden aui-icon assistive confluence-information-macro-icon expand-control-icon issue-placeholder '
                     'unresolved-comment-count refresh-action confluence-embedded-file attachment-buttons '
                     'plugin_attachments_upload_container show-labels-editor expand-control-text '
                     'attachment-summary-toggle download-all-link'.split())
OPENED = set('expand-content tabs-pane tab-pane'.split())
HIDDEN_MACROS = set('livesearch create-from-template spacejump create-space-button space-jump pagetreesearch style '
                    'javascript'.split())
# Marks inside of a word do not part it; code does, and the end of a link, where the text part has the address.
INLINE = set('abbr acronym b bdi bdo big cite del dfn em font i ins mark q s small span strike strong sub sup time u var '
             'wbr'.split())


class Walk(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.text, self.open = [], []  # of an element: name, whether it hides, whether its end parts words
        self.main = None  # text collected inside #main-content
        self.main_depth = None

    def is_hidden(self, tag, attrs):
        classes = set((attrs.get('class') or '').split())
        if classes & OPENED:
            return False
        if tag == 'script' and attrs.get('type') == 'syntaxhighlighter':
            return False
        style = (attrs.get('style') or '').replace(' ', '').casefold()
        if tag == 'span' and 'icon' in classes:
            return True
        return (tag in HIDDEN or bool(classes & HIDDEN_CLASSES) or 'hidden' in attrs or 'display:none' in style
                or attrs.get('data-macro-name') in HIDDEN_MACROS)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag not in INLINE and tag != 'a':
            self.text.append(' ')
        if attrs.get('id') == 'main-content' and self.main_depth is None:
            self.text, self.main_depth = [], len(self.open)
        if tag not in VOID:
            self.open.append((tag, self.is_hidden(tag, attrs), tag == 'a' and 'href' in attrs))

    def handle_startendtag(self, tag, attrs):
        if tag not in INLINE:
            self.text.append(' ')

    def handle_endtag(self, tag):
        if tag not in INLINE and tag != 'a':
            self.text.append(' ')
        names = [name for name, hidden, parts in self.open]
        if tag in names:
            at = len(names) - 1 - names[::-1].index(tag)
            if self.open[at][2]:
                self.text.append(' ')
            del self.open[at:]
        if self.main_depth is not None and len(self.open) <= self.main_depth and self.main is None:
            self.main = ''.join(self.text)

    def handle_data(self, data):
        data = data.replace('<![CDATA[', '').replace(']]>', '').replace('Getting issues', '')
        if not any(hidden for name, hidden, parts in self.open):
            self.text.append(data)

    def unknown_decl(self, data):
        if data.startswith('CDATA['):
            self.handle_data(data[6:])


def page_text(page):
    walk = Walk()
    walk.feed(page.decode('utf-8', 'replace'))
    walk.close()
    return walk.main if walk.main is not None else ''.join(walk.text)
