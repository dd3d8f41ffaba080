// Makes modules of their texts, by name, and begins with the first: for pages on a disk, from which browsers load no
// module, but any script. Each becomes an address of its own, after those that it imports, so that there is no circle.

"use strict";

function unpack(texts, first) {
  const addresses = new Map();
  const address = (name) => {
    if (!addresses.has(name)) {
      const text = texts[name].replace(/(["'])(stage\/[^"']+)\1/g, (all, _, other) =>
        Object.hasOwn(texts, other) ? `"${address(other)}"` : all,
      );
      addresses.set(name, URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
    }
    return addresses.get(name);
  };
  import(address(first)).catch((error) => {
    document.body.append("This browser does not play the run here.");
    throw error;
  });
}
