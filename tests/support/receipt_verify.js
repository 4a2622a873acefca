// Verifies the receipt on standard input by Node's own crypto; the argument is a JWK set. Prints the claim, or ends with 1.
const crypto = require("crypto");
const fs = require("fs");

const { keys } = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const parts = fs.readFileSync(0, "utf8").trim().split(".");
const head = JSON.parse(Buffer.from(parts[0], "base64url").toString());
const jwk = keys.find((key) => key.kid === head.kid);
const good =
  parts.length === 3 &&
  head.alg === "EdDSA" &&
  jwk !== undefined &&
  crypto.verify(
    null,
    Buffer.from(parts[0] + "." + parts[1]),
    crypto.createPublicKey({ key: jwk, format: "jwk" }),
    Buffer.from(parts[2], "base64url"),
  );
if (good) console.log(Buffer.from(parts[1], "base64url").toString());
process.exit(good ? 0 : 1);
