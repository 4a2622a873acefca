"""The words that an ADF document shows, read without the program: what its mail's text part must hold."""
import json

# Their content is not shown, or not in its own words (render-spec.md section 2 and 5).
HIDDEN = {'placeholder', 'date'}
HIDDEN_MACROS = {'livesearch', 'create-from-template', 'create-space-button', 'spacejump', 'style', 'javascript'}
HIDEABLE_MACROS = {'excerpt', 'details'}
# Attributes whose words are shown.
SHOWN = {'expand': ['title'], 'nestedExpand': ['title'], 'panel': ['title'], 'mention': ['text'], 'status': ['text'],
         'media': ['alt'], 'mediaInline': ['alt'], 'image': ['alt'], 'confluenceJiraIssue': ['issueKey']}
CARDS = {'inlineCard', 'blockCard', 'embedCard'}
KNOWN = set('doc paragraph heading text hardBreak rule bodiedRule blockquote bulletList orderedList listItem taskList taskItem '
            'blockTaskItem decisionList decisionItem panel codeBlock expand nestedExpand table tableRow tableHeader tableCell '
            'layoutSection layoutColumn mediaSingle media caption mediaGroup mediaInline image inlineCard blockCard embedCard '
            'applicationCard mention status date emoji placeholder extension bodiedExtension inlineExtension '
            'multiBodiedExtension extensionFrame syncBlock bodiedSyncBlock confluenceJiraIssue'.split())


def member(value, *names):
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def is_hidden(node):
    kind, key = node.get('type'), member(node, 'attrs', 'extensionKey')
    if kind in HIDDEN or key in HIDDEN_MACROS:
        return True
    hidden = member(node, 'attrs', 'parameters', 'macroParams', 'hidden', 'value')
    return key in HIDEABLE_MACROS and str(hidden).lower() == 'true'


def has_link(node):
    """The address stands behind the words of a link."""
    marks = node.get('marks')
    return isinstance(marks, list) and any(member(m, 'type') == 'link' and isinstance(member(m, 'attrs', 'href'), str) for m in marks)


def own_text(node):
    """What a node shows of itself, beside its content."""
    kind, attrs = node.get('type'), node.get('attrs')
    if kind == 'text':
        return node.get('text')
    if kind in CARDS:
        return None if member(attrs, 'url') else member(attrs, 'data', 'name')
    if kind == 'applicationCard':
        return member(attrs, 'title', 'text')
    if kind not in KNOWN and not node.get('content'):
        return member(attrs, 'text')
    return ' '.join(t for t in (member(attrs, name) for name in SHOWN.get(kind, [])) if isinstance(t, str))


def page_text(body):
    """None when it is no JSON: then nobody but the program can say what it shows."""
    try:
        page = json.loads(body.decode('utf-16' if body[:2] in (b'\xff\xfe', b'\xfe\xff') else 'utf-8-sig'))
    except (ValueError, RecursionError):
        return None
    if not isinstance(page, (dict, list)):
        return None
    shown, rest = [], [page]
    while rest:
        node = rest.pop()
        if isinstance(node, str):  # the end of a node
            shown.append(node)
        elif isinstance(node, list):
            rest += reversed([n for n in node if isinstance(n, (dict, list))])
        elif isinstance(node, dict) and not is_hidden(node):
            text = own_text(node)
            apart = '' if node.get('type') == 'text' and not has_link(node) else ' '
            shown.append((' ' if node.get('type') != 'text' else '') + (text if isinstance(text, str) else '') + apart)
            rest.append(apart)
            for inside in (node.get('content'), member(node, 'attrs', 'originalValue')):
                if isinstance(inside, list) or inside is not None and inside is member(node, 'attrs', 'originalValue'):
                    rest.append(inside if isinstance(inside, (dict, list)) else [])
    return ''.join(shown)
