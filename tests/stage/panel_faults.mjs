// What must never be: something in the panel that is cut, scrolls, is beyond an edge, or is too
// small for the last row.

/**
 * Reads what is wrong with the panel and the controls now. It runs in the page, and knows nothing of
 * what is around it.
 * `least` is the least type in pixels when the run is presented; null where nobody presents.
 */
export function panelFaults(least) {
  const found = [];
  const { innerWidth, innerHeight } = globalThis;
  const nameOf = (element) => `${element.localName}.${element.getAttribute("class") ?? ""}`;
  const isShown = (element) => element.checkVisibility() && !element.closest(".unseen, .live, .skip");
  if (document.documentElement.scrollWidth > innerWidth) found.push("the page scrolls sideways");
  for (const element of document.querySelectorAll("aside, aside *, footer, footer *")) {
    if (!(element instanceof HTMLElement) || !isShown(element)) continue;
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) continue;
    if (box.left < -1 || box.right > innerWidth + 1) found.push(`${nameOf(element)} is beyond a side`);
    const { overflowX, overflowY } = getComputedStyle(element);
    const isCut = (overflow) => overflow !== "visible";
    const isRange = element.matches("input[type=range]");
    if (!isRange && isCut(overflowX) && element.scrollWidth > element.clientWidth + 1)
      found.push(`${nameOf(element)} is wider than its room: ${element.scrollWidth} of ${element.clientWidth}`);
    if (least === null) continue;
    if (box.top < -1 || box.bottom > innerHeight + 1) found.push(`${nameOf(element)} is beyond the edge`);
    if (isCut(overflowY) && element.scrollHeight > element.clientHeight + 1)
      found.push(`${nameOf(element)} is higher than its room: ${element.scrollHeight} of ${element.clientHeight}`);
  }
  if (least === null) return found;
  const panel = document.querySelector("aside .scroll:not([hidden])").getBoundingClientRect();
  for (const element of document.querySelectorAll(".story *")) {
    const box = element.getBoundingClientRect();
    if (isShown(element) && box.height > 0 && (box.bottom > panel.bottom + 1 || box.right > panel.right + 1))
      found.push(`${nameOf(element)} is beyond the panel`);
  }
  const texts = document.createTreeWalker(document.querySelector("aside"), NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const size = Number.parseFloat(getComputedStyle(text.parentElement).fontSize);
    if (text.data.trim() && isShown(text.parentElement) && size < least)
      found.push(`“${text.data.slice(0, 20)}” is ${size} pixels high`);
  }
  const asked = [...document.querySelectorAll(".predict:not(.answered)")].filter((element) =>
    element.checkVisibility(),
  );
  if (asked.length > 1) found.push("two votes are open at once");
  for (const choice of asked.flatMap((element) => [...element.querySelectorAll(".choice")]))
    if (!choice.checkVisibility()) found.push(`the choice “${choice.textContent}” is not shown`);
  for (const card of document.querySelectorAll(asked.length > 0 ? ".card" : ".none"))
    if (card.checkVisibility()) found.push(`a vote is open, and “${card.textContent}” is shown`);
  return found;
}

/**
 * Reads which texts that are shown now are smaller than `least` pixels, in the page and its pictures.
 * It runs in the page, and knows nothing of what is around it.
 */
export function smallTexts(least) {
  const found = new Set();
  const texts = document.createTreeWalker(
    document.querySelector("dialog[open]") ?? document.body,
    NodeFilter.SHOW_TEXT,
  );
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const around = text.parentElement;
    if (!text.data.trim() || around.closest("script, style, noscript, option, .unseen, .live, .skip")) continue;
    // What is drawn over a message that flies grows with it.
    if (!around.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) continue;
    if (around.closest("[data-scaled]")) continue;
    const matrix = around instanceof SVGGraphicsElement ? around.getScreenCTM() : null;
    const scale = matrix ? Math.hypot(matrix.a, matrix.b) : 1;
    const size = Number.parseFloat(getComputedStyle(around).fontSize) * scale;
    const place = `${around.closest("[class]")?.getAttribute("class")}`;
    if (size < least - 0.3)
      found.add(`“${text.data.trim().slice(0, 24)}” (${place}) is ${size.toFixed(1)} pixels high`);
  }
  for (const field of document.querySelectorAll(
    "dialog[open] :is(input, select, textarea), aside :is(input, select)",
  )) {
    const size = Number.parseFloat(getComputedStyle(field).fontSize);
    if (field.checkVisibility() && !["range", "checkbox"].includes(field.type) && size < least - 0.3)
      found.add(`a field in ${field.closest("[class]").className} is ${size.toFixed(1)} pixels high`);
  }
  return [...found];
}
