"""Renders each document of a corpus with `pagepost render` and judges the messages.

usage: render_corpus.py PAGEPOST CORPUS EML_CHECK OUT

Three judgements for each document: eml-check finds no error; the words of the page, which one module for each format
reads without the program (corpus_storage.py and so on), stand in the text part; the message's files and headers parse
with Python's own library.
"""
import collections
import email
import email.policy
import os
import re
import subprocess
import sys
import unicodedata

import corpus_adf
import corpus_storage
import corpus_view

# Folder of the corpus, endings of its documents, format, and what reads their words, if anything does.
FORMATS = [
    ('adf', ('.json',), 'adf', corpus_adf.page_text),
    ('storage', ('.xml',), 'storage', corpus_storage.page_text),
    ('view', ('.html', '.htm'), 'export_view', corpus_view.page_text),
]


def words(text):
    text = unicodedata.normalize('NFKC', text).casefold()
    text = re.sub('[\u200b-\u200f\u2060-\u2064\ufeff\u00ad]', '', text)
    # Lines of mail have an end: a word of a whole line is cut.
    return [w for w in re.findall(r'[^\W_]+', text) if 3 < len(w) < 500 and w.isascii() and w.isalpha()]


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


class Tally:
    def __init__(self):
        self.passed = self.failed = self.by_words = 0


def render_all(program, form, target, pages):
    """Pages of one folder; one that cannot be shown is still mailed, and told by the exit status."""
    os.makedirs(target)
    subprocess.run([program, 'render', '--format', form, '--site', 'https://example.atlassian.net/wiki', '--page', '7',
                    '-o', target] + pages, check=False)
    return [os.path.join(target, os.path.basename(p) + '.eml') for p in pages]


def judge_page(page, mail, page_text, tally):
    if not os.path.exists(mail):
        return ['%s: no message' % mail]
    defects, text = parts(mail)
    complaints = ['%s: %s' % (mail, d) for d in defects]
    with open(page, 'rb') as f:
        wanted = page_text(f.read()) if page_text else None
    tally.by_words += wanted is not None
    missing = collections.Counter(words(wanted or '')) - collections.Counter(words(text))
    if missing:
        complaints.append('%s: words of the page are not in the text: %s' % (mail, ' '.join(list(missing)[:12])))
    return complaints


def schema_valid(corpus):
    """The ADF documents that are valid by the full schema."""
    with open(os.path.join(corpus, 'adf', 'INDEX.tsv'), encoding='utf-8') as f:
        rows = [line.split('\t')[:2] for line in f]
    return {os.path.join(corpus, 'adf', name) for name, status in rows if status == 'valid'}


def main(program, corpus, checker, out):
    valid, valid_passed = schema_valid(corpus), 0
    passed = failed = 0
    for kind, endings, form, page_text in FORMATS:
        tally = Tally()
        for folder, _, names in sorted(os.walk(os.path.join(corpus, kind))):
            pages = sorted(os.path.join(folder, n) for n in names if n.endswith(endings))
            if not pages:
                continue
            mails = render_all(program, form, os.path.join(out, os.path.relpath(folder, corpus)), pages)
            found = judge(checker, [m for m in mails if os.path.exists(m)])
            before = tally.passed
            for page, mail in zip(pages, mails):
                complaints = found[mail] + judge_page(page, mail, page_text, tally)
                tally.failed += bool(complaints)
                tally.passed += not complaints
                valid_passed += page in valid and not complaints
                for c in complaints:
                    print(c.replace(out + '/', ''))
            print('note: %s: %d of %d' % (os.path.relpath(folder, corpus), tally.passed - before, len(pages)))
        print('note: %s: %d documents, %d with a defect; words of %d compared'
              % (kind, tally.passed + tally.failed, tally.failed, tally.by_words))
        passed += tally.passed
        failed += tally.failed
    print('note: ADF valid by the full schema: %d of %d' % (valid_passed, len(valid)))
    print('%d passed, %d failed' % (passed, failed))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:5]))
