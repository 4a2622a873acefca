// A submission server of the tests over implicit TLS, on a free port of the loopback, that knows SCRAM bound to the session:
// Node's TLS tells the exporter, its crypto computes the proofs. One argument, in JSON:
//   cert, key (files), maxVersion ("TLSv1.2"), offers (what EHLO says behind AUTH), user, password, rounds,
//   tampers: "binding" (as one who relays another session's words), "proof" (of a server that does not know the password)
// Prints port=N, then a JSON line for each AUTH command: {mechanism, header, binding, result}
import { X509Certificate, createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:tls';

const told = JSON.parse(process.argv[2]);
const certificate = readFileSync(told.cert);
const rounds = told.rounds ?? 4096;
const salt = randomBytes(16);

function bindingOf(socket) {
  if (told.tampers === 'binding') {
    return randomBytes(32);
  }
  return socket.getProtocol() === 'TLSv1.3'
    ? socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0))
    : createHash('sha256').update(new X509Certificate(certificate).raw).digest(); // signed with SHA-256
}

// What the server says to each message of the client: {ask} goes on, {result} ends.
function* scram(socket, mechanism, first) {
  const digest = mechanism.includes('256') ? 'sha256' : 'sha1';
  const hmac = (key, text) => createHmac(digest, key).update(text).digest();
  const header = /^(n|y|p=[a-z-]+),,/.exec(first)?.[0];
  const bare = first.slice(header?.length);
  const [, user, nonce] = /^n=([^,]*),r=([!-+\--~]+)$/.exec(bare) ?? [];
  if (header === undefined || nonce === undefined || header.startsWith('p=') !== mechanism.endsWith('-PLUS') ||
      (header === 'y,,' && told.offers.includes('-PLUS'))) {
    return { header, result: 'malformed' };
  }
  const all = nonce + randomBytes(12).toString('base64');
  const asked = `r=${all},s=${salt.toString('base64')},i=${rounds}`;
  const final = yield { ask: asked };
  const [, bound, again, proof] = /^c=([^,]+),r=([^,]+),p=([^,]+)$/.exec(final) ?? [];
  const data = Buffer.from(bound ?? '', 'base64').subarray(header.length);
  const binds = mechanism.endsWith('-PLUS');
  if (again !== all || !Buffer.from(bound, 'base64').subarray(0, header.length).equals(Buffer.from(header)) ||
      !data.equals(binds ? bindingOf(socket) : Buffer.alloc(0))) {
    return { header, binding: data.length, result: 'another session' };
  }
  const salted = pbkdf2Sync(told.password, salt, rounds, digest === 'sha256' ? 32 : 20, digest);
  const key = hmac(salted, 'Client Key');
  const seen = [bare, asked, final.slice(0, final.lastIndexOf(',p='))].join(',');
  const signature = hmac(createHash(digest).update(key).digest(), seen);
  const said = Buffer.from(proof, 'base64');
  if (user !== told.user || said.length !== key.length || !timingSafeEqual(said, key.map((b, i) => b ^ signature[i]))) {
    return { header, binding: data.length, result: 'wrong password' };
  }
  const own = told.tampers === 'proof' ? randomBytes(key.length) : hmac(hmac(salted, 'Server Key'), seen);
  const thanks = yield { ask: `v=${own.toString('base64')}` };
  return { header, binding: data.length, result: thanks === '' ? 'in' : 'malformed' };
}

function talk(socket) {
  let exchange = null, mechanism = '', content = false, rest = '';
  const say = (line) => socket.write(line + '\r\n');
  const step = (taken) => {
    if (!taken.done) {
      say('334 ' + Buffer.from(taken.value.ask).toString('base64'));
      return;
    }
    exchange = null;
    console.log(JSON.stringify({ mechanism, ...taken.value }));
    say(taken.value.result === 'in' ? '235 2.7.0 in' : '535 5.7.8 no');
  };
  const hear = (line) => {
    const [verb, name, initial] = line.split(' ');
    if (exchange) {
      step(exchange.next(Buffer.from(line, 'base64').toString('latin1')));
    } else if (content) {
      content = line !== '.';
      if (!content) { say('250 2.0.0 taken'); }
    } else if (verb === 'EHLO') {
      say('250-mail.example.com');
      say('250 AUTH ' + told.offers);
    } else if (verb === 'AUTH' && name.startsWith('SCRAM') && told.offers.split(' ').includes(name)) {
      mechanism = name;
      exchange = scram(socket, name, Buffer.from(initial, 'base64').toString('latin1'));
      step(exchange.next());
    } else if (verb === 'AUTH') {
      console.log(JSON.stringify({ mechanism: name, result: 'unknown' }));
      say('504 5.5.4 unknown');
    } else if (verb === 'DATA') {
      content = true;
      say('354 go');
    } else {
      say(verb === 'QUIT' ? '221 bye' : '250 ok');
    }
  };
  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    rest += bytes.toString('latin1');
    for (let end; (end = rest.indexOf('\r\n')) >= 0;) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 2);
      hear(line);
    }
  });
  say('220 mail.example.com ESMTP');
}

const server = createServer({ cert: certificate, key: readFileSync(told.key), maxVersion: told.maxVersion ?? 'TLSv1.3' }, talk);
server.on('tlsClientError', () => {});
server.listen(0, '127.0.0.1', () => console.log(`port=${server.address().port}`));
process.on('SIGTERM', () => process.exit(0));
