// Verifies every DKIM signature of the message on standard input by mailauth.
//   node verify.js NAME=RECORD...     what the DNS would say; prints a line `domain selector algorithm good|bad` for each
import { buffer } from 'node:stream/consumers';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';

const records = new Map(process.argv.slice(2).map(word => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]));
const resolver = async (name, type) => {
    if (type === 'TXT' && records.has(name)) {
        return [[records.get(name)]];
    }
    throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
};
const { results } = await dkimVerify(await buffer(process.stdin), { resolver });
for (const result of results.filter(one => one.signingDomain)) {
    const good = result.status.result === 'pass';
    console.log(result.signingDomain, result.selector, result.algo, good ? 'good' : 'bad');
}
