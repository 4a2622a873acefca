"""Judges rendered HTML by what mail readers support.

usage: client_support.py TABLE REVIEWED FOLDER

TABLE has a row for each feature and a column for each reader (y, a, n, u). REVIEWED has the features that one of the
readers below drops, or that TABLE does not have: feature, who drops it (or `unlisted`), why nothing is lost. FOLDER may
hold more HTML, rendered from a corpus. Every file is a test.
"""
import collections
import csv
import glob
import html.parser
import os
import re
import sys

READERS = ('apple-mail.macos', 'apple-mail.ios', 'gmail.desktop-webmail', 'gmail.android', 'gmail.mobile-webmail', 'outlook.windows',
           'yahoo.desktop-webmail', 'gmx.desktop-webmail')
SHORT = {'apple-mail': 'apple', 'gmail': 'gmail', 'outlook': 'outlook', 'yahoo': 'yahoo', 'gmx': 'gmx'}
# What a feature is called in TABLE, where that is not its own name.
ELEMENTS = {'h1': 'h1-h6', 'h2': 'h1-h6', 'h3': 'h1-h6', 'h4': 'h1-h6', 'h5': 'h1-h6', 'h6': 'h1-h6',
            'ul': 'lists', 'ol': 'lists', 'li': 'lists'}
IMAGES = {'jpeg': 'jpg', 'svg+xml': 'svg'}
VOID = {'br', 'img', 'wbr', 'meta', 'hr'}
FORBIDDEN = set('script link base iframe object embed form input button select textarea svg video audio details summary section '
                'article figure mark time picture source'.split())
HTML_MAX, STYLE_MAX = 102400, 8192


def declarations(style):
    for one in style.split(';'):
        name, colon, value = one.partition(':')
        if colon:
            yield name.strip().lower(), value.strip().lower()


def values(name, value):
    """Features of a value: units, functions, keywords that a table row has."""
    if name == 'display' and value.startswith('none'):
        yield 'css-display-none'
    if '!important' in value:
        yield 'css-important'
    for unit in re.findall(r'\b\d*\.?\d+(px|pt|em|ex|rem|vw|vh|ch|mm|cm|in|pc|%)', value):
        yield 'css-unit-' + ('percent' if unit == '%' else unit)
    for function in re.findall(r'([a-z-]+)\(', value):
        yield 'css-' + function


def property_feature(name):
    for prefix in ('margin', 'padding', 'border'):
        if name.startswith(prefix + '-') and name not in ('border-collapse', 'border-spacing', 'border-radius'):
            return 'css-' + prefix
    return 'css-' + name


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.features, self.faults = set(), []
        self.open, self.level, self.styles, self.css, self.outlook = [], 0, 0, '', ''
        self.feed(text)
        self.close()
        size = len(text.encode())
        if size > HTML_MAX:
            self.fault('has %d bytes' % size)
        if self.styles != 2:
            self.fault('has %d style elements' % self.styles)
        self.judge_style_block()
        self.judge_outlook_block()

    def fault(self, what):
        self.faults.append('line %d: %s' % (self.getpos()[0], what))

    def handle_decl(self, decl):
        self.features.add('html-doctype')

    def handle_comment(self, data):
        self.features.add('html-comments')
        if not re.match(r'\[if mso\]>.*<!\[endif\]$', data, re.S):
            self.fault('a comment that is none for Outlook')

    def handle_starttag(self, tag, attributes):
        attributes = {name: value or '' for name, value in attributes}
        style = dict(declarations(attributes.get('style', '')))
        self.features.add('html-' + ELEMENTS.get(tag, tag))
        for name, value in attributes.items():
            self.features.add('html-meta-color-scheme' if tag == 'meta' and value == 'color-scheme' else 'html-' + name)
            if name.startswith('on') or re.match(r'\s*(javascript|data|vbscript):', value, re.I):
                self.fault('%s of %s is active' % (name, tag))
        if attributes.get('href', '').startswith('#'):
            self.features.add('html-anchor-links')
        if attributes.get('href', '').startswith('mailto:'):
            self.features.add('html-mailto-links')
        for name, value in declarations(attributes.get('style', '')):
            self.features.add(property_feature(name))
            self.features.update(values(name, value))
        self.judge_element(tag, attributes, style)
        if tag not in VOID:
            self.open.append(tag)
        if tag == 'style':
            self.styles += 1
            if 'head' not in self.open:
                self.fault('style outside the head')

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.fault('</%s> ends nothing' % tag)

    def handle_data(self, data):
        if self.open and self.open[-1] == 'style':
            self.css += data if self.styles == 1 else ''
            self.outlook += data if self.styles > 1 else ''

    def judge_element(self, tag, attributes, style):
        """What no table says: render-spec.md, section 10."""
        if tag in FORBIDDEN or ('style' == tag and 'body' in self.open):
            self.fault('<%s>' % tag)
        if tag not in ('td', 'th') and any(name.startswith('padding') and value not in ('0', '0px') for name, value in style.items()):
            self.fault('padding on ' + tag)
        if tag not in ('table', 'td', 'th', 'img') and ('width' in style or 'max-width' in style):
            self.fault('width of ' + tag)
        if re.search(r'px|pt', style.get('line-height', '')) and 'mso-line-height-rule' not in style and 'mso-hide' not in style:
            self.fault('line-height in px without mso-line-height-rule')
        if re.search(r'/\d+(px|pt)', style.get('font', '')) and 'mso-line-height-rule' not in style:
            self.fault('line-height in px without mso-line-height-rule, in font')
        if tag == 'table' and attributes.get('role') == 'presentation' and not {'cellpadding', 'cellspacing', 'border'} <= set(attributes):
            self.fault('a layout table without cellpadding, cellspacing or border')
        if tag == 'table' and attributes.get('align') and attributes.get('width') == '100%':
            self.fault('a table that floats and fills its place')
        if tag == 'img' and (not {'width', 'alt', 'src'} <= set(attributes) or 'height' in attributes or
                             not attributes['src'].startswith('cid:')):
            self.fault('an img without width, alt or cid:, or with a height')
        if tag == 'th' and 'scope' not in attributes:
            self.fault('th without scope')
        if 'background-color' in style and tag in ('td', 'th') and attributes.get('bgcolor') != style['background-color']:
            self.fault('a ground that bgcolor does not tell')
        if 'background-color' in style and 'color' not in style and tag in ('td', 'th', 'span', 'code') and \
                style.get('font-size') != '1px' and 'font' in style:
            self.fault('a ground without a colour')
        if re.match(r'h[1-6]$', tag):
            level = int(tag[1])
            if level > self.level + 1:
                self.fault('h%d behind h%d' % (level, self.level))
            self.level = level
        if 'position' in style or 'float' in style or any('url(' in value or 'var(' in value for value in style.values()):
            self.fault('a style that is never used')

    def judge_style_block(self):
        css = self.css
        if len(css) > STYLE_MAX:
            self.fault('the style block has %d bytes' % len(css))
        if '/*' in css or 'url(' in css or '@import' in css:
            self.fault('the style block has a comment, an address or an import')
        for query, body in re.findall(r'@media\s*([^{]*)\{((?:[^{}]*\{[^{}]*\})*)\}', css):
            self.features.add('css-at-media-prefers-color-scheme' if 'prefers-color-scheme' in query else 'css-at-media')
            if '@' in body:
                self.fault('an @ rule inside of another')
            for selector, block in re.findall(r'([^{}]*)\{([^{}]*)\}', body):
                self.selector(selector)
                for name, value in declarations(block):
                    self.features.add(property_feature(name))
                    self.features.update(values(name, value))
        if re.sub(r'@media\s*[^{]*\{(?:[^{}]*\{[^{}]*\})*\}', '', css).strip():
            self.fault('the style block has rules outside of @media')

    def judge_outlook_block(self):
        """What Outlook.com changed itself, and nothing else: other readers have no such attribute."""
        for selectors, block in re.findall(r'([^{}]*)\{([^{}]*)\}', self.outlook):
            self.features.add('css-selector-attribute')
            for one in selectors.split(','):
                if not re.match(r'\s*\[data-ogs[bc]\] \.[a-z]( a)?$', one):
                    self.fault('selector ' + one)
            for name, value in declarations(block):
                if name not in ('color', 'background-color') or not value.endswith('!important'):
                    self.fault('%s for Outlook.com' % name)
        if len(self.outlook) > 1024 or re.sub(r'[^{}]*\{[^{}]*\}', '', self.outlook).strip():
            self.fault('the block for Outlook.com has other things than rules')

    def selector(self, text):
        for one in text.split(','):
            self.features.update({'css-selector-class'} if '.' in one else set())
            self.features.update({'css-selector-type'} if re.search(r'(^|\s)[a-z]', one.strip()) else set())
            self.features.update({'css-selector-descendant'} if ' ' in one.strip() else set())
            if re.search(r'[>+~\[\]*:#]', one):
                self.fault('selector ' + one)
        if ',' in text:
            self.features.add('css-selector-grouping')


def read_table(path):
    with open(path, encoding='utf-8') as f:
        rows = list(csv.DictReader(f, delimiter='\t', quoting=csv.QUOTE_NONE))
    return {row['slug']: sorted({SHORT[r.split('.')[0]] for r in READERS if row[r] == 'n'}) for row in rows}


def read_reviewed(path):
    reviewed = {}
    with open(path, encoding='utf-8') as f:
        for line in f:
            if line.strip() and not line.startswith('#'):
                feature, who, reason = line.rstrip('\n').split('\t')
                reviewed[feature] = (who, reason)
    return reviewed


def main(table, reviewed, folder):
    table, reviewed = read_table(table), read_reviewed(reviewed)
    golden = sorted(glob.glob('tests/golden/*/expected.html'))
    others = sorted(p for p in glob.glob(folder + '/*/*') if os.path.isfile(p))
    passed = failed = 0
    where = collections.defaultdict(str)
    used = set()
    for path in golden + others:
        with open(path, encoding='utf-8') as f:
            page = Page(f.read())
        for feature in page.features:
            where[feature] = where[feature] or path
        used |= page.features
        if page.faults:
            failed += 1
            print('--- %s: %s' % (path, '; '.join(sorted(set(page.faults))[:4])))
        else:
            passed += 1
    for path in glob.glob('tests/golden/*/expected.eml'):
        with open(path, encoding='utf-8') as f:
            used |= {'image-' + IMAGES.get(kind, kind) for kind in re.findall(r'^Content-Type: image/([a-z+]+)', f.read(), re.M)}
    for feature in sorted(used):
        dropped = table.get(feature, ['unlisted'])
        said = reviewed.get(feature, ('', ''))
        if ' '.join(dropped) == said[0] and (not dropped or said[1]):
            passed += 1
        else:
            failed += 1
            print('--- %s is dropped by: %s; reviewed: %s (first in %s)' % (feature, ' '.join(dropped) or 'nobody', said[0] or 'no',
                                                                            where[feature]))
    for feature in sorted(set(reviewed) - used if others else ()):
        failed += 1
        print('--- %s is reviewed and not used: strike it' % feature)
    print('%d golden cases, %d pages of the corpus, %d features' % (len(golden), len(others), len(used)))
    print('%d passed, %d failed' % (passed, failed))
    return 1 if failed or not golden else 0


sys.exit(main(*sys.argv[1:]))
