/*
 * Looks at a rendered mail as a reader would see it and returns a list of what is wrong, as sentences. The last
 * expression is the value that the driver takes. Colours and places are those that the browser computed.
 */
(function () {
	const wrong = [];
	const CONTRAST = 4.5, SLACK = 1.5, MOST = 12;
	const seen = (text) => text.replace(/\s+/g, " ").trim().slice(0, 40);
	const say = (what, where) => wrong.push(what + (where === undefined ? "" : ": " + where));
	const named = (e) => "<" + e.localName + "> " + JSON.stringify(seen(e.textContent || e.alt || ""));

	function colour(text) {
		const n = text.match(/[\d.]+/g).map(Number);
		return {r: n[0], g: n[1], b: n[2], a: n.length > 3 ? n[3] : 1};
	}
	function over(top, below) {
		const mix = (a, b) => a * top.a + b * (1 - top.a);
		return {r: mix(top.r, below.r), g: mix(top.g, below.g), b: mix(top.b, below.b), a: 1};
	}
	function light(c) {
		const part = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
		return 0.2126 * part(c.r) + 0.7152 * part(c.g) + 0.0722 * part(c.b);
	}
	function ground(e) {
		const layers = [];
		for (; e !== null; e = e.parentElement) {
			const c = colour(getComputedStyle(e).backgroundColor);
			if (c.a > 0) {
				layers.push(c);
			}
			if (c.a === 1) {
				break;
			}
		}
		const canvas = matchMedia("(prefers-color-scheme: dark)").matches && darkCanvas() ? 18 : 255;
		return layers.reduceRight((below, top) => over(top, below), {r: canvas, g: canvas, b: canvas, a: 1});
	}
	function darkCanvas() {
		const meta = document.querySelector('meta[name="color-scheme"]');
		return meta !== null && meta.content.includes("dark");
	}
	function shown(e) {
		return e.checkVisibility({visibilityProperty: true, opacityProperty: true}) && !e.closest('[style*="max-height:0"]');
	}

	/* Every text with the boxes of its lines. */
	const texts = [];
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walk.nextNode()) {
		const node = walk.currentNode, e = node.parentElement;
		if (seen(node.data) === "" || !shown(e)) {
			continue;
		}
		const range = document.createRange();
		range.selectNodeContents(node);
		texts.push({node, e, boxes: [...range.getClientRects()].filter((b) => b.width > 1 && b.height > 1)});
	}

	if (document.documentElement.scrollWidth > innerWidth) {
		say("the page is " + document.documentElement.scrollWidth + " px wide in a window of " + innerWidth);
	}
	let out = 0;
	for (const t of texts) {
		if (t.boxes.some((b) => b.right > innerWidth + SLACK || b.left < -SLACK) && out++ < MOST) {
			say("text stands outside the window", JSON.stringify(seen(t.node.data)));
		}
	}

	/* Text leaves no cell and no block, and nothing is clipped. */
	for (const e of document.body.querySelectorAll("*")) {
		const s = getComputedStyle(e);
		if (shown(e) && (s.overflowX !== "visible" || s.overflowY !== "visible") &&
		    (e.scrollWidth > e.clientWidth + SLACK || e.scrollHeight > e.clientHeight + SLACK)) {
			say("an element is clipped", named(e));
		}
	}
	for (const t of texts) {
		const cell = t.e.closest("td,th");
		const box = cell && cell.getBoundingClientRect();
		if (box && t.boxes.some((b) => b.right > box.right + SLACK || b.left < box.left - SLACK)) {
			say("text leaves its cell", JSON.stringify(seen(t.node.data)));
		}
	}

	/* Cells hold their pictures; pictures were loaded and are not drawn out. */
	for (const i of document.images) {
		const box = i.getBoundingClientRect(), cell = i.closest("td,th");
		const about = JSON.stringify(i.alt);
		if (i.naturalWidth === 0) {
			say("a picture was not loaded", about + " " + i.getAttribute("src").slice(0, 60));
			continue;
		}
		if (box.right > innerWidth + SLACK || (cell && box.right > cell.getBoundingClientRect().right + SLACK)) {
			say("a picture is wider than its place", about);
		}
		if (!i.hasAttribute("width")) {
			say("a picture has no width", about);
		}
		if (box.width > 2 && Math.abs(box.width / box.height / (i.naturalWidth / i.naturalHeight) - 1) > 0.06) {
			say("a picture is out of proportion", about);
		}
		if (!i.hasAttribute("alt")) {
			say("a picture has no alt", i.getAttribute("src").slice(0, 60));
		}
	}

	/* No two texts, and no text and picture, at one place. */
	const boxes = texts.flatMap((t) => t.boxes.map((b) => ({b, of: t.node, name: JSON.stringify(seen(t.node.data))})));
	for (const i of document.images) {
		boxes.push({b: i.getBoundingClientRect(), of: i, name: "picture " + JSON.stringify(i.alt)});
	}
	boxes.sort((x, y) => x.b.top - y.b.top);
	let overlaps = 0;
	for (let i = 0; i < boxes.length; i++) {
		for (let k = i + 1; k < boxes.length && boxes[k].b.top < boxes[i].b.bottom; k++) {
			const a = boxes[i].b, b = boxes[k].b;
			const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
			const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
			if (boxes[i].of !== boxes[k].of && wide > 2 && high > 0.4 * Math.min(a.height, b.height) && overlaps++ < MOST) {
				say("two things stand at one place", boxes[i].name + " and " + boxes[k].name);
			}
		}
	}

	/* All text can be read on its ground. */
	const poor = new Map();
	for (const t of texts) {
		const back = ground(t.e), style = getComputedStyle(t.e);
		const ink = over(colour(style.color), back);
		const [low, high] = [light(back), light(ink)].sort((x, y) => x - y);
		const ratio = (high + 0.05) / (low + 0.05);
		if (ratio < CONTRAST - 0.05 && /[\p{L}\p{N}]/u.test(t.node.data)) {
			const key = style.color + " on rgb(" + [back.r, back.g, back.b].map(Math.round).join(", ") + ")";
			poor.set(key, poor.get(key) || "contrast " + ratio.toFixed(2) + ", " + key + ": " + JSON.stringify(seen(t.node.data)));
		}
	}
	wrong.push(...poor.values());
	if (matchMedia("(prefers-color-scheme: dark)").matches && document.querySelector("style") !== null &&
	    light(ground(document.body)) > 0.2) {
		say("the ground stays light in dark mode");
	}
	return wrong;
})()
