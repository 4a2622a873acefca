// nodemailer's smtp-server on a free port of the loopback, answering as its one argument says, in JSON:
//   cert, key (files), secure (implicit TLS), options (of the package), answers: for CONNECT, AUTH, MAIL, DATA and for
//   each address of a recipient {code, text, delay (ms), hang (never answers), drop (closes without a word)}
// Prints port=N, then {from, to, sha256, size} for each message that it was given, whatever it answered.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { SMTPServer } from 'smtp-server';

const told = JSON.parse(process.argv[2]);
const answers = told.answers ?? {};

function answer(step, session, done, value) {
  const said = answers[step] ?? {};
  if (said.drop) {
    for (const connection of server.connections) {
      if (connection.session === session) {
        connection._socket.destroy();
      }
    }
    return;
  }
  if (said.hang) {
    return;
  }
  setTimeout(() => {
    done(said.code ? Object.assign(new Error(said.text ?? 'so it was told'), { responseCode: said.code }) : null, value);
  }, said.delay ?? 0);
}

const server = new SMTPServer({
  secure: told.secure ?? true, cert: readFileSync(told.cert), key: readFileSync(told.key), closeTimeout: 100, ...told.options,
  onConnect: (session, done) => answer('CONNECT', session, done),
  onAuth: (auth, session, done) => answer('AUTH', session, done, { user: auth.username }),
  onMailFrom: (address, session, done) => answer('MAIL', session, done),
  onRcptTo: (address, session, done) => answer(address.address, session, done),
  onData: (stream, session, done) => {
    const hash = createHash('sha256');
    let size = 0;
    stream.on('data', (chunk) => { hash.update(chunk); size += chunk.length; });
    stream.on('end', () => {
      const { mailFrom, rcptTo } = session.envelope;
      console.log(JSON.stringify({ from: mailFrom.address, to: rcptTo.map((r) => r.address), sha256: hash.digest('hex'), size }));
      const over = stream.sizeExceeded && Object.assign(new Error('too large'), { responseCode: 552 });
      if (over) {
        done(over);
      } else {
        answer('DATA', session, done, 'taken');
      }
    });
  },
});
server.on('error', () => {}); // connections that break are what some tests want
server.listen(0, '127.0.0.1', () => console.log(`port=${server.server.address().port}`));
process.on('SIGTERM', () => process.exit(0));
