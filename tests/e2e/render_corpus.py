"""Renders each document of a corpus with `pagepost render` and judges the messages.

usage: render_corpus.py PAGEPOST CORPUS EML_CHECK OUT

Three judgements for each document: eml-check finds no error; the words of a well-formed page stand in the
text part; the message's files and headers parse with Python's own library.
"""
import collections
import email
import email.policy
import os
import re
import subprocess
import sys
import unicodedata
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


def words(text):
    text = unicodedata.normalize('NFKC', text).casefold()
    text = re.sub('[\u200b-\u200f\u2060-\u2064\ufeff\u00ad]', '', text)
    return [w for w in re.findall(r'[^\W_]+', text) if len(w) > 3 and w.isascii() and w.isalpha()]


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


def page_words(body):
    import html.entities
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
    return words(''.join(reader.text))


def parts(path):
    with open(path, 'rb') as f:
        message = email.message_from_binary_file(f, policy=email.policy.default)
    defects = [d.__class__.__name__ for p in message.walk() for d in p.defects]
    text = ''
    for part in message.walk():
        if part.get_content_type() == 'text/plain' and not text:
            text = part.get_content()
    return defects, text


def judge(checker, files):
    done = subprocess.run([checker, '--quiet', '--max-missing', '0.02'] + files, stdout=subprocess.PIPE, text=True,
                          check=False)
    found = collections.defaultdict(list)
    for line in done.stdout.splitlines():
        found[line.split(': ', 1)[0]].append(line)
    return found


def main(program, corpus, checker, out):
    passed = failed = 0
    for folder in sorted(os.listdir(corpus)):
        source = os.path.join(corpus, folder)
        if not os.path.isdir(source):
            continue
        target = os.path.join(out, folder)
        os.mkdir(target)
        pages = sorted(os.path.join(source, f) for f in os.listdir(source) if f.endswith('.xml'))
        subprocess.run([program, 'render', '-o', target] + pages, check=False)
        mails = [os.path.join(target, os.path.basename(p) + '.eml') for p in pages]
        found = judge(checker, [m for m in mails if os.path.exists(m)])
        for page, mail in zip(pages, mails):
            complaints = list(found[mail])
            if not os.path.exists(mail):
                complaints.append('%s: no message' % mail)
            else:
                defects, text = parts(mail)
                complaints += ['%s: %s' % (mail, d) for d in defects]
                with open(page, 'rb') as f:
                    wanted = page_words(f.read())
                missing = collections.Counter(wanted or []) - collections.Counter(words(text))
                if missing:
                    complaints.append('%s: words of the page are not in the text: %s'
                                      % (mail, ' '.join(list(missing)[:12])))
            if complaints:
                failed += 1
                print('\n'.join(c.replace(out + '/', '') for c in complaints))
            else:
                passed += 1
    print('%d passed, %d failed' % (passed, failed))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:5]))
