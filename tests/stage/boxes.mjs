// What is wrong with the boxes of field and diagram, read in the page at one moment.

/**
 * Runs in the page. Answers with what is wrong, a line each: texts that overlap, are cut, or are too small; tokens that
 * lie on nodes or on each other.
 *
 * @param {number} least the size of the smallest text, in pixels
 */
export function faults(least) {
  /** How far boxes may reach into each other: letters are smaller than the boxes around them. */
  const SLACK = 2;
  /** How far from its sign a label may be, in pixels, to be that of the sign at sight. */
  const NEAR = 24;
  /** How much of an arrow a label may cover: a third, and what the eye cannot measure. */
  const MOST_COVERED = 0.36;
  const found = [];
  const isShown = (element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  const overlap = (a, b) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > SLACK &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > SLACK;
  const said = (text) => `“${text.said}”`;

  /** The height of an SVG text's box is that of its font's line; letters take less of it. */
  const boxOf = (element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const spare = (bottom - top) * 0.12;
    return { left, right, top: top + spare, bottom: bottom - spare };
  };
  const sizeOf = (element) => {
    const matrix = element.getScreenCTM?.();
    const scale = matrix ? Math.hypot(matrix.a, matrix.b) : 1;
    return Number.parseFloat(getComputedStyle(element).fontSize) * scale;
  };
  const readTexts = (view, words) =>
    [...view.querySelectorAll(words)]
      .filter((element) => (element.matches(".finder") || element.textContent.trim()) && isShown(element))
      .map((element) => ({ element, said: element.textContent, box: boxOf(element), size: sizeOf(element) }));

  for (const [view, words] of [
    [".field", "text, .finder"],
    [".diagram .plot", "text"],
    [".diagram .names", "text"],
  ]) {
    const element = document.querySelector(view);
    if (!element) continue;
    const edge = element.getBoundingClientRect();
    const texts = readTexts(element, words).filter(
      ({ box }) => box.right > edge.left && box.left < edge.right && box.bottom > edge.top && box.top < edge.bottom,
    );
    texts.forEach((text, index) => {
      const { box, said: text_ } = text;
      const { left, right, top, bottom } = box;
      if (left < edge.left - 1 || right > edge.right + 1 || top < edge.top - 1 || bottom > edge.bottom + 1)
        found.push(`${view}: ${said(text)} leaves it`);
      if (text_.includes("…")) found.push(`${view}: ${said(text)} is cut`);
      if (text.size < least - 0.25 && !text.element.closest(".token[data-scaled]"))
        found.push(`${view}: ${said(text)} is ${text.size.toFixed(1)} px`);
      for (const other of texts.slice(0, index))
        if (overlap(box, other.box)) found.push(`${view}: ${said(text)} is on ${said(other)}`);
    });
  }

  // A label of what a node did is at the node's own lane, or a line leads from it to its sign.
  const middleOf = (element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return (top + bottom) / 2;
  };
  const labels = [...document.querySelectorAll(".diagram .texts[data-event]")];
  // One that is dim has no words.
  for (const label of labels.filter((label) => isShown(label) && label.getBoundingClientRect().width > 0)) {
    // Two runs beside each other have a diagram each.
    const diagram = label.closest(".diagram");
    const lanes = [...diagram.querySelectorAll(".lane")].map(middleOf);
    const sign = diagram.querySelector(`.sign[data-event="${label.dataset.event}"]`);
    if (!sign || label.querySelector(".leader")) continue;
    const [at, own] = [middleOf(label.querySelector(".back")), middleOf(sign)];
    const isNearest = lanes.every((lane) => Math.abs(lane - at) >= Math.abs(own - at) - SLACK);
    const { top, bottom } = label.querySelector(".back").getBoundingClientRect();
    const gap = Math.max(top - own, own - bottom, 0);
    if (!isNearest && gap > NEAR) found.push(`.diagram: “${label.textContent}” is at another lane than its own`);
  }

  // The label of an arrow leaves most of it to be seen, and of every other one.
  const arrows = [...document.querySelectorAll(".diagram .plot .way > .line")];
  const drawn = arrows.filter(isShown).map((line) => {
    const matrix = line.getScreenCTM();
    const [from, to] = [0, line.getTotalLength()].map((at) => line.getPointAtLength(at).matrixTransform(matrix));
    return { name: line.parentElement.dataset.message, from, to };
  });
  const covered = ({ from, to }, { left, right, top, bottom }) => {
    const points = Array.from({ length: 101 }, (_, i) => [
      from.x + ((to.x - from.x) * i) / 100,
      from.y + ((to.y - from.y) * i) / 100,
    ]);
    return points.filter(([x, y]) => x > left && x < right && y > top && y < bottom).length / 101;
  };
  for (const label of [...document.querySelectorAll(".diagram .texts[data-index]")].filter(isShown)) {
    const back = label.querySelector(".back").getBoundingClientRect();
    for (const arrow of drawn) {
      const part = covered(arrow, back);
      if (part > MOST_COVERED)
        found.push(`.diagram: “${label.textContent}” covers ${part.toFixed(2)} of the arrow ${arrow.name}`);
    }
  }

  const rectOf = (element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    return { left, right, top, bottom };
  };
  const tokens = [...document.querySelectorAll(".field .tokens .token")].filter(isShown).map((element) => ({
    said: element.textContent || element.dataset.message,
    box: rectOf([...element.querySelectorAll(".shape")].find(isShown)),
  }));
  const nodes = [...document.querySelectorAll(".field .node")].map((node) => ({
    said: node.dataset.node,
    box: rectOf(node.querySelector(".disc")),
  }));
  /** Whether a box reaches into a circle. */
  const isOn = ({ left, right, top, bottom }, circle) => {
    const [x, y] = [(circle.left + circle.right) / 2, (circle.top + circle.bottom) / 2];
    const radius = (circle.right - circle.left) / 2;
    const [nearX, nearY] = [Math.min(Math.max(x, left), right), Math.min(Math.max(y, top), bottom)];
    return Math.hypot(nearX - x, nearY - y) < radius - SLACK;
  };
  const words = [...document.querySelectorAll(".field .label text, .field .told text")].filter(isShown);
  for (const text of words) {
    const box = boxOf(text);
    for (const node of nodes) if (isOn(box, node.box)) found.push(`.field: “${text.textContent}” is on ${node.said}`);
    for (const token of tokens)
      if (overlap(box, token.box)) found.push(`.field: the token ${token.said} is on “${text.textContent}”`);
    for (const badge of document.querySelectorAll(".field .badge rect"))
      if (overlap(box, rectOf(badge))) found.push(`.field: “${text.textContent}” is on a badge`);
  }
  const plain = (name) => name.replaceAll(" ", "").toLowerCase();
  // A name on two lines is still a name; those of a crowd are in the box in which a node is looked for.
  for (const node of document.querySelector(".field .finder") ? [] : document.querySelectorAll(".field .node")) {
    const name = [...node.querySelectorAll(".label .name")].map((line) => line.textContent).join("");
    if (plain(name) !== plain(node.dataset.node)) found.push(`.field: ${node.dataset.node} is called “${name}”`);
  }
  tokens.forEach((token, index) => {
    for (const node of nodes)
      if (isOn(token.box, node.box)) found.push(`.field: the token ${said(token)} is on ${node.said}`);
    for (const other of tokens.slice(0, index))
      if (overlap(token.box, other.box)) found.push(`.field: the token ${said(token)} is on that of ${said(other)}`);
  });
  return found;
}
