// Sends one file some times over one connection of nodemailer's pool, each after the one before, and prints how many
// microseconds each took. Its one argument is JSON: host, port, secure, ca, user, password, from, to, file, times.
import { readFileSync } from 'node:fs';
import nodemailer from 'nodemailer';

const told = JSON.parse(process.argv[2]);
const transport = nodemailer.createTransport({
  host: told.host, port: told.port, secure: told.secure, requireTLS: true, pool: true, maxConnections: 1, maxMessages: 1000,
  auth: { user: told.user, pass: told.password }, tls: { ca: readFileSync(told.ca), servername: 'localhost' },
});
const raw = readFileSync(told.file);
for (let i = 0; i < told.times; i++) {
  const begun = process.hrtime.bigint();
  await transport.sendMail({ envelope: { from: told.from, to: told.to }, raw });
  console.log(String((process.hrtime.bigint() - begun) / 1000n));
}
transport.close();
