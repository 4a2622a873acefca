// A mail gateway as it is usually written with Node: HTTPS in, storage format to HTML with cheerio, styles inlined
// by juice, text by html-to-text, out by nodemailer's connection pool. Measured by tests/bench/run.
import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import busboy from 'busboy';
import * as cheerio from 'cheerio';
import { convert } from 'html-to-text';
import juice from 'juice';
import nodemailer from 'nodemailer';

const conf = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const tokenHash = createHash('sha256').update(conf.token).digest();
const transport = nodemailer.createTransport({
  host: '127.0.0.1', port: conf.smtp_port, secure: false, requireTLS: true, pool: true, maxConnections: 4,
  maxMessages: 100, auth: { user: conf.user, pass: conf.password },
  tls: { ca: readFileSync(conf.ca), servername: 'localhost' },
});

const style = `
  body { font-family: Arial, Helvetica, sans-serif; font-size: 14px; color: #172b4d; }
  h1 { font-size: 24px; } h2 { font-size: 20px; } h3 { font-size: 16px; }
  table { border-collapse: collapse; } th, td { border: 1px solid #c1c7d0; padding: 6px; vertical-align: top; }
  th { background-color: #f4f5f7; } a { color: #0052cc; } code, pre { font-family: monospace; font-size: 13px; }
  .panel { border-left: 3px solid #0052cc; background-color: #deebff; padding: 8px; margin: 8px 0; }
  .panel-note { background-color: #eae6ff; } .panel-warning { background-color: #ffebe6; }
  .panel-tip { background-color: #e3fcef; } .card { border: 1px solid #c1c7d0; padding: 6px; }
  .status { font-size: 11px; font-weight: bold; background-color: #dfe1e6; }
  pre { background-color: #f4f5f7; padding: 8px; } li { margin: 2px 0; } blockquote { border-left: 3px solid #c1c7d0; }`;

function escapeHtml(text) {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

function toHtml(body, attachments) {
  const $ = cheerio.load(`<root>${body}</root>`, { xmlMode: true, decodeEntities: true });
  $('ac\\:structured-macro').each((_, element) => {
    const macro = $(element);
    const name = macro.attr('ac:name');
    const parameter = (key) => macro.children(`ac\\:parameter[ac\\:name="${key}"]`).text();
    const rich = macro.children('ac\\:rich-text-body').html();
    const plain = macro.children('ac\\:plain-text-body').text();
    if (['info', 'note', 'tip', 'warning', 'panel'].includes(name)) {
      macro.replaceWith(`<div class="panel panel-${name}"><b>${escapeHtml(parameter('title'))}</b>${rich ?? ''}</div>`);
    } else if (name === 'code' || name === 'noformat') {
      macro.replaceWith(`<pre>${escapeHtml(plain)}</pre>`);
    } else if (name === 'status') {
      macro.replaceWith(`<span class="status">${escapeHtml(parameter('title'))}</span>`);
    } else {
      macro.replaceWith(rich ?? `<div class="card">${name} – open in Confluence</div>`);
    }
  });
  $('ac\\:image').each((_, element) => {
    const name = $(element).find('ri\\:attachment').attr('ri:filename');
    const found = attachments.find((a) => a.filename === name);
    $(element).replaceWith(found ? `<img src="cid:${found.cid}" alt="">` : '');
  });
  return $('root').html();
}

async function send(job, files) {
  const attachments = files.map((file, i) => ({ ...file, cid: `${i}@peer` }));
  const inner = toHtml(job.page.body, attachments);
  const html = juice(`<!DOCTYPE html><html><head><meta charset="utf-8"><style>${style}</style></head><body>
    <table><tr><td><h1>${escapeHtml(job.page.title)}</h1><p>${escapeHtml(job.sender.name)}</p>
    <p>${escapeHtml(job.note ?? '')}</p>${inner}<p><a href="${job.site_url}">Open in Confluence</a></p></td></tr></table></body></html>`);
  const text = convert(html, { wordwrap: 76 });
  return transport.sendMail({
    from: 'pages@example.com', to: job.to.map((t) => ({ name: t.name ?? '', address: t.email })),
    replyTo: job.sender.email, subject: job.page.title, html, text, attachments,
  });
}

function answer(response, status, body) {
  const content = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) });
  response.end(content);
}

const server = createServer({ cert: readFileSync(conf.cert), key: readFileSync(conf.key), minVersion: 'TLSv1.2' },
  (request, response) => {
    const given = createHash('sha256').update((request.headers.authorization ?? '').slice(7)).digest();
    if (!timingSafeEqual(given, tokenHash)) {
      answer(response, 401, { title: 'no' });
      return;
    }
    const files = [];
    let job;
    const parser = busboy({ headers: request.headers, limits: { fileSize: 50 << 20, fieldSize: 8 << 20 } });
    parser.on('field', (name, value) => { if (name === 'job') { job = JSON.parse(value); } });
    parser.on('file', (_, stream, info) => {
      const chunks = [];
      stream.on('data', (chunk) => chunks.push(chunk));
      stream.on('end', () => files.push({ filename: info.filename, contentType: info.mimeType, content: Buffer.concat(chunks) }));
    });
    parser.on('close', () => {
      send(job, files).then(
        (info) => answer(response, 200, { outcome: 'delivered', message_id: info.messageId }),
        (error) => answer(response, 502, { title: String(error.code) }));
    });
    request.pipe(parser);
  });
server.keepAliveTimeout = 60000;
server.listen(0, '127.0.0.1', () => console.log(`port=${server.address().port}`));
process.on('SIGTERM', () => process.exit(0));
