// The picture of the network. The page lays it out as SVG; what moves is set here: lines, dots, numbers, maps, and what flows.

import { palette, ramp } from './colours.js';
import { host, saveBlob } from './page.js';

const near = 9; // so many pixels beside a line still mean it
const pieces = 24;

let svg = null;
let canvas = null;
let entries = []; // weights and biases in the order of the numbers
let neurons = []; // inputs and neurons in the order of the numbers
let drawn = [];
let routes = null;
let hovered = null;
let flowing = '';
const cell = document.createElement('canvas');

/** Finds the elements of a picture that has just been put on the page. */
export function bind() {
  svg = document.getElementById('picture');
  canvas = document.getElementById('maps');
  if (svg === null) {
    return;
  }
  entries = [...svg.querySelectorAll('.entry')];
  neurons = [...svg.querySelectorAll('.neuron')];
  drawn = entries.map(() => '');
  routes = null;
  hovered = null;
  flowing = '';
  if (!svg.dataset.isBound) {
    svg.dataset.isBound = 'yes';
    svg.addEventListener('pointermove', event => hover(nearest(event)));
    svg.addEventListener('pointerleave', () => hover(null));
    svg.addEventListener('click', choose);
  }
}

/** Shows numbers on lines, dots and neurons; what is not a number is not known yet. */
export function show(edgeView, neuronView, scale, withNumbers) {
  if (svg === null) {
    return;
  }
  const edges = edgeView.slice();
  for (let i = 0; i < entries.length; i++) {
    const value = edges[i];
    const share = Math.sqrt(Math.min(1, Math.abs(value) / scale));
    const state = Number.isNaN(value) ? 'unknown' : `${value < 0 ? 'negative' : 'positive'}${share.toFixed(2)}`;
    if (state === drawn[i]) {
      continue;
    }
    drawn[i] = state;
    const element = entries[i];
    element.classList.toggle('unknown', Number.isNaN(value));
    element.classList.toggle('negative', value < 0);
    if (element.classList.contains('bias')) {
      element.setAttribute('r', Number.isNaN(value) ? '2' : (2.6 + 3.2 * share).toFixed(2));
    } else {
      element.setAttribute('stroke-width', Number.isNaN(value) ? '1' : (0.7 + 4.3 * share).toFixed(2));
      element.setAttribute('stroke-opacity', Number.isNaN(value) ? '0.35' : (0.22 + 0.73 * share).toFixed(2));
    }
  }
  const values = neuronView.slice();
  for (let i = 0; i < neurons.length; i++) {
    const label = neurons[i].querySelector('.number');
    const text = withNumbers ? brief(values[i]) : '';
    if (label.textContent !== text) {
      label.textContent = text;
    }
    neurons[i].classList.toggle('unknown', Number.isNaN(values[i]));
  }
}

/** Paints what each neuron gives over the plane, and each of the first two inputs. */
export function maps(view, size) {
  if (svg === null || canvas === null) {
    return;
  }
  const numbers = view.slice();
  const scale = resize();
  const context = canvas.getContext('2d');
  context.clearRect(0, 0, canvas.width, canvas.height);
  const colours = palette();
  const ramps = ramp(colours.negative, colours.none, colours.positive);
  cell.width = cell.height = size;
  const brush = cell.getContext('2d', { willReadFrequently: true });
  const image = brush.createImageData(size, size);
  const inputs = neurons.filter(neuron => neuron.classList.contains('input')).length;
  for (let n = 0; n < neurons.length; n++) {
    const start = (n - inputs) * size * size;
    const value = n >= inputs ? i => numbers[start + i]
      : n === 0 ? i => (i % size) / size - 0.5
      : n === 1 ? i => 0.5 - Math.floor(i / size) / size
      : () => 0;
    let largest = 1e-9;
    for (let i = 0; i < size * size; i++) {
      largest = Math.max(largest, Math.abs(value(i)) || 0);
    }
    for (let i = 0; i < size * size; i++) {
      const share = value(i) / largest;
      const colour = Number.isNaN(share) ? colours.none : ramps[Math.round(127.5 + 127.5 * Math.max(-1, Math.min(1, share)))];
      image.data[4 * i] = colour[0];
      image.data[4 * i + 1] = colour[1];
      image.data[4 * i + 2] = colour[2];
      image.data[4 * i + 3] = 255;
    }
    brush.putImageData(image, 0, 0);
    const box = neurons[n].dataset;
    const side = Number(box.size) * scale;
    context.save();
    context.beginPath();
    context.roundRect(Number(box.x) * scale, Number(box.y) * scale, side, side, 6 * scale);
    context.clip();
    context.drawImage(cell, Number(box.x) * scale, Number(box.y) * scale, side, side);
    context.restore();
  }
}

/** Lights up elements by their keys, separated by blanks; of one kind at a time. */
export function light(keys, kind) {
  if (svg === null) {
    return;
  }
  for (const element of svg.querySelectorAll(`.${kind}`)) {
    element.classList.remove(kind);
  }
  for (const key of keys.split(' ')) {
    const element = key === '' ? null : svg.querySelector(`[data-key="${key}"]`);
    element?.classList.add(kind);
  }
}

/** Shows what flows into a column (forward), or out of it (backward). The last column is the loss. */
export function flow(column, direction) {
  const state = direction === 0 ? '' : `${column} ${direction}`;
  if (svg === null || state === flowing) {
    return;
  }
  flowing = state;
  const layer = svg.querySelector('.flow');
  layer.replaceChildren();
  svg.querySelectorAll('.active').forEach(element => element.classList.remove('active'));
  if (direction === 0) {
    return;
  }
  layer.setAttribute('class', `flow ${direction > 0 ? 'forward' : 'backward'}`);
  for (const edge of svg.querySelectorAll(`[data-column="${column}"] .edge`)) {
    const dots = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    dots.setAttribute('d', edge.getAttribute('d'));
    layer.append(dots);
  }
  const reached = direction > 0 ? column : column - 1;
  svg.querySelectorAll(`.neuron[data-of="${reached}"]`).forEach(element => element.classList.add('active'));
}

/** Saves the picture as it looks now. */
export async function save(name, asPng) {
  if (svg === null) {
    return;
  }
  const text = new XMLSerializer().serializeToString(copyWithStyle());
  const blob = new Blob([text], { type: 'image/svg+xml' });
  if (!asPng) {
    saveBlob(name, blob);
    return;
  }
  const box = svg.viewBox.baseVal;
  const image = new Image();
  image.src = URL.createObjectURL(blob);
  await image.decode();
  const target = document.createElement('canvas');
  target.width = 2 * box.width;
  target.height = 2 * box.height;
  target.getContext('2d').drawImage(image, 0, 0, target.width, target.height);
  URL.revokeObjectURL(image.src);
  saveBlob(name, await new Promise(resolve => target.toBlob(resolve, 'image/png')));
}

const kept = ['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-opacity', 'stroke-dasharray', 'stroke-linecap', 'opacity', 'font-family', 'font-size', 'font-weight', 'text-anchor', 'paint-order', 'visibility'];

function copyWithStyle() {
  const copy = svg.cloneNode(true);
  const from = [svg, ...svg.querySelectorAll('*')];
  const to = [copy, ...copy.querySelectorAll('*')];
  for (let i = 0; i < from.length; i++) {
    const style = getComputedStyle(from[i]);
    for (const name of kept) {
      to[i].setAttribute(name, style.getPropertyValue(name));
    }
    for (const name of ['class', 'tabindex', 'role', 'aria-label', 'aria-pressed']) {
      to[i].removeAttribute(name);
    }
  }
  const box = svg.viewBox.baseVal;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', box.width);
  copy.setAttribute('height', box.height);
  const background = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  const maps = document.createElementNS('http://www.w3.org/2000/svg', 'image');
  for (const element of [background, maps]) {
    element.setAttribute('width', box.width);
    element.setAttribute('height', box.height);
  }
  background.setAttribute('fill', palette().panel);
  maps.setAttribute('href', canvas.toDataURL('image/png'));
  copy.prepend(background, maps);
  return copy;
}

function resize() {
  const box = svg.viewBox.baseVal;
  const shown = svg.getBoundingClientRect().width / box.width;
  const scale = Math.max(1, Math.min(3, (shown || 1) * devicePixelRatio));
  const [width, height] = [Math.round(box.width * scale), Math.round(box.height * scale)];
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  return scale;
}

function choose(event) {
  const neuron = event.target.closest('.neuron:not(.input)');
  const entry = event.target.closest('.bias') ?? (neuron === null ? nearest(event) : null);
  const key = (entry ?? neuron)?.dataset.key;
  if (key) {
    const [, kind, layer, ...rest] = /^([Wbn])(\d+)-(\d+)(?:-(\d+))?$/.exec(key);
    const isWeight = kind === 'W';
    host().Select(Number(layer) - 1, isWeight ? Number(rest[0]) : -1, Number(isWeight ? rest[1] : rest[0]), kind === 'n');
  }
}

function hover(edge) {
  if (edge !== hovered) {
    hovered?.classList.remove('hovered');
    edge?.classList.add('hovered');
    hovered = edge;
    svg.classList.toggle('pointing', edge !== null);
  }
}

/** The line that is nearest to the pointer, if one is near. Whoever points at a neuron or a bias means that. */
function nearest(event) {
  if (event.target.closest('.neuron, .bias') !== null) {
    return null;
  }
  routes ??= entries.filter(entry => entry.classList.contains('edge')).map(entry => {
    const length = entry.getTotalLength();
    return { entry, points: Array.from({ length: pieces + 1 }, (_, i) => entry.getPointAtLength(length * i / pieces)) };
  });
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  const scale = svg.viewBox.baseVal.width / svg.getBoundingClientRect().width;
  let best = null;
  let distance = near * scale * (event.pointerType === 'touch' ? 1.8 : 1);
  for (const { entry, points } of routes) {
    for (let i = 0; i < pieces; i++) {
      const away = toSegment(point, points[i], points[i + 1]);
      if (away < distance) {
        [distance, best] = [away, entry];
      }
    }
  }
  return best;
}

function toSegment(p, a, b) {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const t = Math.max(0, Math.min(1, ((p.x - a.x) * dx + (p.y - a.y) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

function brief(value) {
  if (Number.isNaN(value)) {
    return '…';
  }
  const size = Math.abs(value);
  const text = size === 0 ? '0' : size >= 1e4 || size < 1e-3 ? value.toExponential(0) : size >= 100 ? value.toFixed(0) : size >= 10 ? value.toFixed(1) : size >= 0.1 ? value.toFixed(2) : value.toFixed(3);
  return text.replace('-', '−').replace('e-', 'e−').replace('e+', 'e');
}

