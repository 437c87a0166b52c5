// What the page asks of the browser, and what the browser tells the page.

import { forget } from './colours.js';

let callbacks = null;
let isPlaying = false;

/** Finds the methods that the page offers to scripts, and listens. */
export async function connect() {
  const runtime = await globalThis.getDotnetRuntime(0);
  const exports = await runtime.getAssemblyExports('ChainRule.Playground.dll');
  callbacks = exports.ChainRule.Playground.Page.Callbacks;
  globalThis.playground = {
    state: () => JSON.parse(callbacks.State()),
    measure: milliseconds => callbacks.Measure(milliseconds),
  };
  addEventListener('hashchange', () => callbacks.HashChanged(location.hash));
  listenToKeys();
  listenToCharts();
  listenToFiles();
}

/** Loads the library that reads CSV, if it is not there yet. */
export async function loadCsvReader() {
  const runtime = await globalThis.getDotnetRuntime(0);
  await Promise.all(['System.Data.Common.wasm', 'Sylvan.Data.Csv.wasm'].map(name => runtime.INTERNAL.loadLazyAssembly(name)));
}

/** Tells the page when there is nothing to do, as long as it wants to know. */
export function tellWhenIdle() {
  // Not every browser has a word for it.
  const later = globalThis.requestIdleCallback ?? (action => setTimeout(action, 200));
  const turn = () => {
    // What a choice takes its way through runs once, too: the event, the choice, the parts of the page that show it.
    document.getElementById('inspect-again')?.dispatchEvent(new Event('change', { bubbles: true }));
    if (callbacks.Idle()) {
      later(turn);
    }
  };
  later(turn);
}

export function host() {
  return callbacks;
}

export function play(plays) {
  const begins = plays && !isPlaying;
  isPlaying = plays;
  if (begins) {
    requestAnimationFrame(frame);
  }
}

function frame(now) {
  if (isPlaying) {
    isPlaying = callbacks.Frame(now);
    if (isPlaying) {
      requestAnimationFrame(frame);
    }
  }
}

export function readHash() {
  return location.hash;
}

export function writeHash(hash) {
  history.replaceState(null, '', hash === '' ? location.pathname + location.search : `#${hash}`);
}

export function address(hash) {
  return `${location.origin}${location.pathname}#${hash}`;
}

export function recall(name) {
  try {
    return localStorage.getItem(`chainrule.${name}`) ?? '';
  } catch {
    return '';
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(`chainrule.${name}`, value);
  } catch {
    // The browser keeps nothing for this page: it starts as the system says.
  }
}

export function preferredLanguage() {
  return navigator.language;
}

export function dress(language, title, theme) {
  const root = document.documentElement;
  root.lang = language;
  document.title = title;
  if (theme === 'auto') {
    delete root.dataset.theme;
  } else {
    root.dataset.theme = theme;
  }
  forget();
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Saves bytes as a file. */
export function save(name, type, content) {
  saveBlob(name, new Blob([content.slice()], { type }));
}

export function saveBlob(name, blob) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export function focus(id) {
  const element = document.getElementById(id);
  element?.focus({ preventScroll: element.closest('#picture') !== null });
}

const arrows = new Set(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']);

function listenToKeys() {
  addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const inPicture = event.target.closest('#picture') !== null;
    const inChart = event.target.closest('[data-chart-keys]') !== null;
    if ((inPicture || inChart) && (arrows.has(event.key) || event.key === ' ')) {
      event.preventDefault(); // they move inside it, and do not scroll
      return;
    }
    const isTaken = event.target.closest('input, select, textarea, button, summary, a, [contenteditable]') !== null;
    if (event.key === ' ' ? !isTaken : (event.key === '.' || event.key === ',') && event.target.closest('input:not([type=range]):not([type=checkbox]):not([type=radio]), select, textarea') === null) {
      event.preventDefault();
      callbacks.Key(event.key);
    }
  });
}

// A chart marks the area of its lines with data-chart and its name.
function listenToCharts() {
  let pointed = null;
  const leave = () => {
    if (pointed !== null) {
      callbacks.Point(pointed, -1);
      pointed = null;
    }
  };
  addEventListener('pointermove', event => {
    const area = event.target.closest?.('[data-chart]');
    if (area == null || area.dataset.chart !== pointed) {
      leave();
    }
    if (area != null) {
      const box = area.getBoundingClientRect();
      pointed = area.dataset.chart;
      callbacks.Point(pointed, (event.clientX - box.left) / box.width);
    }
  });
  document.addEventListener('pointerleave', leave);
}

function listenToFiles() {
  const take = async files => {
    const file = files?.[0];
    if (file) {
      callbacks.Dropped(file.name, await file.text());
    }
  };
  addEventListener('dragover', event => event.preventDefault());
  addEventListener('drop', event => {
    event.preventDefault();
    take(event.dataTransfer?.files);
  });
  addEventListener('change', event => {
    if (event.target.matches('input[type=file]')) {
      take(event.target.files);
      event.target.value = '';
    }
  });
}
