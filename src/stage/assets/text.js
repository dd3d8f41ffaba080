// How wide text is, and how it is broken into lines.

const pen = document.createElement("canvas").getContext("2d");
export const SANS = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif';
export const SERIF = '"Iowan Old Style", "Palatino Linotype", Palatino, Charter, Georgia, "DejaVu Serif", serif';

/** The width of `text` in pixels. */
export function width(text, size, weight = 400) {
  pen.font = `${weight} ${size}px ${SANS}`;
  return pen.measureText(text).width;
}

/** `text` in at most `lines` lines of at most `room` pixels; what does not fit ends in `…`. */
export function wrap(text, room, size, lines, weight = 400) {
  const wrapped = [];
  const words = text.split(/\s+/).filter(Boolean);
  let line = "";
  while (words.length > 0) {
    const longer = line ? `${line} ${words[0]}` : words[0];
    if (line && width(longer, size, weight) > room) {
      if (wrapped.length + 1 === lines) {
        line = longer;
        words.shift();
        line += words.length > 0 ? ` ${words.splice(0).join(" ")}` : "";
        break;
      }
      wrapped.push(line);
      line = "";
      continue;
    }
    line = longer;
    words.shift();
  }
  if (line) wrapped.push(shorten(line, room, size, weight));
  return wrapped;
}

/** `text` in one line of at most `room` pixels. */
export function shorten(text, room, size, weight = 400) {
  if (width(text, size, weight) <= room) return text;
  let end = text.length;
  while (end > 1 && width(`${text.slice(0, end).trimEnd()}…`, size, weight) > room) end -= 1;
  return `${text.slice(0, end).trimEnd()}…`;
}
