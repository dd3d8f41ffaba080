// What was changed of the rehearsed run: one fork upon the other, each of which can be undone.

/** An order with its forks applied. A later fork of the same thing replaces an earlier one; one may bring a whole order. */
export function applied(base, forks) {
  const order = { ...base, set: [...base.set], force: [...base.force] };
  for (const fork of forks) {
    if (fork.order) Object.assign(order, fork.order, { set: [...fork.order.set], force: [...fork.order.force] });
    if (fork.seed !== undefined) order.seed = fork.seed;
    for (const [list, name, value] of [
      ["set", fork.key, fork.value],
      ["force", fork.choice, fork.option],
    ]) {
      if (name === undefined) continue;
      order[list] = order[list].filter(([known]) => known !== name && !sameMessage(list, known, value, name));
      order[list].push([name, String(value)]);
    }
  }
  return order;
}

const FATES = ["deliver", "lose", "corrupt", "twice"];

/** Whether two names are of one choice: `a:b:1` and `a:b:1.fate`. */
function sameMessage(list, known, value, name) {
  return list === "force" && FATES.includes(value) && (known === `${name}.fate` || `${known}.fate` === name);
}

/** What a fork does, in words. */
export function said(fork) {
  if (fork.says) return fork.says;
  if (fork.seed !== undefined) return `seed ${fork.seed}`;
  if (fork.key !== undefined) return `${fork.key} = ${fork.value}`;
  return `${fork.choice} = ${fork.option}`;
}

/** The forks that flags say, as a scenario's `try` writes them. */
export function ofFlags(flags) {
  const words = [...flags.matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g)].map(([word]) =>
    word.replace(/'([^']*)'|"([^"]*)"/g, "$1$2"),
  );
  const forks = [];
  for (let i = 0; i < words.length; i++) {
    const [flag, inside] = words[i].split(/=(.*)/s);
    const isSplit = !["--set", "--force", "--seed"].includes(words[i]);
    const value = isSplit ? inside : words[(i += 1)];
    if (value === undefined) continue;
    const [name, option] = value.split(/=(.*)/s);
    if (flag === "--set") forks.push({ key: name, value: option });
    if (flag === "--force") forks.push({ choice: name, option });
    if (flag === "--seed") forks.push({ seed: value });
  }
  return forks;
}
