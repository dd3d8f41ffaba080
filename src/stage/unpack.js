// @ts-check
// Makes modules of their texts, by name, and begins with the first: for pages on a disk, from which
// browsers load any script but no module. Each becomes an address of its own, after those that it
// imports, so there is no circle.

"use strict";

/**
 * @param {Record<string, string>} texts
 * @param {string} first
 */
function unpack(texts, first) {
  /** @type {Map<string, string>} */
  const addresses = new Map();
  /** @type {(name: string) => string} */
  const address = (name) => {
    const known = addresses.get(name);
    if (known) return known;
    const text = texts[name].replace(/(["'])(stage\/[^"']+)\1/g, (all, _, other) =>
      Object.hasOwn(texts, other) ? `"${address(other)}"` : all,
    );
    const made = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    addresses.set(name, made);
    return made;
  };
  import(address(first)).catch((error) => {
    document.body.append("This browser does not play the run here.");
    throw error;
  });
}
