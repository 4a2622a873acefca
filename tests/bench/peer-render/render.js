/*
 * ADF documents made messages by packages that exist for it: an e-mail serializer, a text maker, a composer.
 *   node render.cjs [-s SECONDS] [-o FOLDER] FILE...
 * A round is every FILE once; prints lines of name and figure as tests/bench/render.c does. With -o: one round, the
 * messages as files.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { defaultSchema } from "@atlaskit/adf-schema";
import EmailSerializer from "@atlaskit/renderer/email";
import { convert } from "html-to-text";
import MailComposer from "nodemailer/lib/mail-composer";

const options = { seconds: 2, out: null };
const files = [];
for (let i = 2; i < process.argv.length; i++) {
	const a = process.argv[i];
	if (a === "-s") options.seconds = Number(process.argv[++i]);
	else if (a === "-o") options.out = process.argv[++i];
	else files.push(a);
}
const pages = files.map((name) => ({ name, bytes: readFileSync(name) }));
const serializer = new EmailSerializer();

function html(bytes) {
	const page = JSON.parse(bytes.toString("utf8"));
	const node = defaultSchema.nodeFromJSON(page);
	return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>A page with a title</title></head><body>${
		serializer.serializeFragment(node.content)}</body></html>`;
}

function message(bytes) {
	const body = html(bytes);
	return new Promise((resolve, reject) => new MailComposer({
		from: "Ann Example <ann@mail.example>", to: "ben@mail.example", subject: "A page with a title",
		date: new Date(1795305600000), messageId: "<bench@mail.example>", html: body, text: convert(body), newline: "\r\n",
	}).compile().build((e, m) => (e ? reject(e) : resolve(m))));
}

async function round(sum) {
	for (const p of pages) {
		let made = null;
		try {
			made = await message(p.bytes);
		} catch (e) {
			sum.refused++;
		}
		sum.documents++;
		sum.in += p.bytes.length;
		sum.out += made ? made.length : 0;
		if (options.out && made) writeFileSync(join(options.out, basename(p.name) + ".eml"), made);
	}
	sum.rounds++;
}

const none = () => ({ rounds: 0, documents: 0, refused: 0, in: 0, out: 0 });
const cpu = () => { const u = process.cpuUsage(); return (u.user + u.system) / 1e6; };
async function main() {
	const warm = none();
	const before = cpu();
	do await round(warm); while (!options.out && cpu() - before < options.seconds / 2);
	if (!options.out) {
		const sum = none(), start = cpu();
		while (cpu() - start < options.seconds) await round(sum);
		const spent = cpu() - start;
		console.log(`pages ${pages.length}\nrounds ${sum.rounds}\nrefused ${sum.refused / sum.rounds}`);
		console.log(`cpu_s ${spent.toFixed(3)}\ndocuments_s ${(sum.documents / spent).toFixed(0)}\nmb_s ${(sum.in / spent / 1e6).toFixed(3)}`);
	}
}

main();
