"""Compares the text parts of the same page in several formats.

usage: render_pairs.py PAGEPOST PAIRS CORPUS DIFFERENCES OUT

Each folder of PAIRS holds page.xml, page.html and page.json: the last two are compared with the first. Pages of CORPUS are
compared as rows of DIFFERENCES name them. Without a row there must be no difference; a row whose pages do not differ any
more is a failure, too.
"""
import difflib
import os
import subprocess
import sys

FORMATS = {'.xml': 'storage', '.html': 'export_view', '.json': 'adf'}
KNOWN = """{"users": [{"account_id": "557058:1", "name": "Jo Sample"}],
"links": [{"url": "https://example.atlassian.net/browse/ABC-1", "issue_key": "ABC-1", "title": "Pump leaks", "status": "Open"}]}"""
PAGE = ['--title', 'Golden', '--site', 'https://example.atlassian.net/wiki', '--page', '4711', '--space', 'DEV',
        '--date', '1795305600', '--attach', 'tests/demo/chart.png', '--no-files']


def read_differences(path):
    """Rows of first page, second page, how many lines differ, and why."""
    rows = {}
    with open(path, encoding='utf-8') as f:
        for line in f:
            if line.strip() and not line.startswith('#'):
                first, second, count, _why = line.rstrip('\n').split('\t')
                rows[first, second] = int(count)
    return rows


def render(program, out, page):
    target = os.path.join(out, 'text')
    subprocess.run([program, 'render', '--text', '--format', FORMATS[os.path.splitext(page)[1]], '--job',
                    os.path.join(out, 'known.json'), '-o', target] + PAGE + [page], check=True)
    with open(target, encoding='utf-8') as f:
        return f.read().splitlines()


def difference(first, second):
    lines = [x for x in difflib.unified_diff(first, second, 'first', 'second', n=0, lineterm='')][2:]
    return [x for x in lines if x[0] in '+-']


class Judge:
    def __init__(self, program, out, rows):
        self.program, self.out, self.rows = program, out, dict(rows)
        self.passed = self.failed = 0

    def compare(self, names, first, second):
        found = difference(render(self.program, self.out, first), render(self.program, self.out, second))
        allowed = self.rows.pop(names, 0)
        complaint = None
        if len(found) > allowed:
            complaint = '%d lines differ where %d are listed' % (len(found), allowed)
        elif allowed > 0 and not found:
            complaint = 'a difference is listed that is not there any more'
        if complaint is None:
            self.passed += 1
            return
        self.failed += 1
        print('%s and %s: %s' % (names + (complaint,)))
        print('\n'.join('    ' + x for x in found[:20]))


def main(program, pairs, corpus, differences, out):
    rows = read_differences(differences)
    judge = Judge(program, out, rows)
    with open(os.path.join(out, 'known.json'), 'w', encoding='utf-8') as f:
        f.write(KNOWN)
    for name in sorted(os.listdir(pairs)):
        first, *others = [os.path.join(name, 'page' + x) for x in FORMATS]
        for other in others:
            judge.compare((first, other), os.path.join(pairs, first), os.path.join(pairs, other))
    skipped = 0
    for first, second in [x for x in rows if x in judge.rows]:
        files = [os.path.join(corpus, x) for x in (first, second)]
        if all(os.path.exists(x) for x in files):
            judge.compare((first, second), *files)
        elif os.path.isdir(corpus):
            judge.failed += 1
            print('%s and %s: there are no such pages' % (first, second))
        else:
            skipped += 1
    if skipped:
        print('skip: there is no corpus at %s' % corpus)
    print('%d passed, %d failed, %d skipped' % (judge.passed, judge.failed, skipped))
    return 1 if judge.failed else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:6]))
