"""The words that a page in storage format shows, read without the program: what its mail's text part must hold."""
import html.entities
import xml.parsers.expat

# Content that is never shown, or not in its own words (render-spec.md section 4).
HIDDEN = {'ac:parameter', 'ac:default-parameter', 'ac:task-id', 'ac:task-uuid', 'ac:task-status', 'ac:placeholder',
          'at:declarations', 'ac:adf-extension', 'ac:adf-fallback', 'ac:property', 'fab:adf', 'fab:placeholder-url',
          'fab:display-type', 'script', 'style', 'form', 'iframe', 'object', 'embed', 'time', 'ac:emoticon',
          'at:var', 'at:i18n'}
HIDDEN_MACROS = {'livesearch', 'create-from-template', 'create-space-button', 'spacejump', 'style', 'html', 'toc-zone',
                 'excerpt', 'details', 'markdown', 'loremipsum', 'javascript'}
# Marks inside of a word do not part it.
INLINE = set('a abbr b big code del em i ins kbd s samp small span strike strong sub sup tt u var math semantics mrow mi mn mo '
             'msup msub annotation ac:inline-comment-marker'.split())


class Reader:
    """Collects the visible words of a storage document; None when it is not well-formed."""

    def __init__(self):
        self.text, self.hidden = [], []

    def start(self, name, attrs):
        macro = attrs.get('ac:name') if name in ('ac:structured-macro', 'ac:macro') else None
        self.hidden.append(name in HIDDEN or macro in HIDDEN_MACROS)
        self.part(name)

    def end(self, name):
        self.hidden.pop()
        self.part(name)

    def part(self, name):
        if name not in INLINE:
            self.text.append(' ')

    def data(self, text):
        if not any(self.hidden):
            self.text.append(text)


def page_text(body):
    """None when it is not well-formed: then nobody but the program can say what it shows."""
    reader = Reader()
    parser = xml.parsers.expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    names = ''.join('<!ENTITY %s "&#%d;">' % e for e in html.entities.name2codepoint.items()
                    if e[0] not in ('amp', 'lt', 'gt', 'quot', 'apos'))
    try:
        parser.Parse('<!DOCTYPE r [%s]><r>' % names, False)
        parser.Parse(body.decode('utf-8'), False)
        parser.Parse('</r>', True)
    except (xml.parsers.expat.ExpatError, UnicodeDecodeError):
        return None
    return ''.join(reader.text)
