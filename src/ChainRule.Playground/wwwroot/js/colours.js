// The colours that canvases paint with: those of the style sheet, read once and again when they change.

let colours = null;

/** Reads the colours again when they are next needed. */
export function forget() {
  colours = null;
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  forget();
  dispatchEvent(new Event('colourschange'));
});

/** The colours: positive, negative, none (all as [red, green, blue]), text, panel, and those of the classes. */
export function palette() {
  if (colours === null) {
    const style = getComputedStyle(document.documentElement);
    const read = name => parse(style.getPropertyValue(name).trim());
    colours = {
      positive: read('--positive'),
      negative: read('--negative'),
      none: read('--map-none'),
      text: style.getPropertyValue('--text').trim(),
      panel: style.getPropertyValue('--panel').trim(),
      classes: Array.from({ length: 10 }, (_, i) => read(`--class-${i}`)),
    };
  }
  return colours;
}

/** A colour between two. */
export function blend(from, to, share) {
  return [0, 1, 2].map(i => Math.round(from[i] + (to[i] - from[i]) * share));
}

/** 256 colours from negative over nothing to positive. */
export function ramp(low, none, high) {
  return Array.from({ length: 256 }, (_, i) => {
    const share = (i - 127.5) / 127.5;
    return blend(none, share < 0 ? low : high, Math.abs(share) ** 0.8);
  });
}

export function css(colour) {
  return `rgb(${colour.join(' ')})`;
}

function parse(hex) {
  const number = Number.parseInt(hex.slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}
