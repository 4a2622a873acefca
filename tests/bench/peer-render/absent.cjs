/* What the serializer's packages import for screens and never use for mail. */
module.exports = new Proxy({}, { get: (_, name) => (name === "__esModule" ? false : (x) => x) });
