// The plane: what the network answers there, and the samples. Every class has a shape of its own, and its border is a line,
// so that nothing is told by colour alone.

import { blend, css, palette, ramp } from './colours.js';
import { host } from './page.js';

const side = 320;
const cell = document.createElement('canvas');

let given = new Float64Array(0);
let ranges = [-1, 1, -1, 1];
let classes = 2;
let answers = null;
let size = 0;
let marked = -1;
let isDrawing = false;
let bound = null;

/** Takes the samples: x1, x2, class or value, and whether it is held out, one after the other. */
export function samples(view, rangeView, classCount) {
  given = view.slice();
  ranges = [...rangeView.slice()];
  classes = classCount;
}

/** Paints the answers on a grid, row by row from the top left. */
export function paint(view, gridSize, mark) {
  answers = view.slice();
  size = gridSize;
  marked = mark;
  repaint();
}

/** Lets points be drawn by mouse or finger, or no longer. */
export function draw(draws) {
  isDrawing = draws;
  document.getElementById('surface')?.classList.toggle('drawing', draws);
  repaint();
}

addEventListener('colourschange', () => repaint());

function repaint() {
  const canvas = document.getElementById('surface');
  if (canvas === null) {
    return;
  }
  if (canvas !== bound) {
    bound = canvas;
    canvas.classList.toggle('drawing', isDrawing);
    canvas.addEventListener('pointerdown', event => point(event));
    canvas.addEventListener('contextmenu', event => isDrawing && event.preventDefault());
  }
  const scale = Math.min(3, Math.max(1, devicePixelRatio * (canvas.getBoundingClientRect().width || side) / side));
  const pixels = Math.round(side * scale);
  if (canvas.width !== pixels) {
    canvas.width = canvas.height = pixels;
  }
  const context = canvas.getContext('2d');
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, pixels, pixels);
  context.scale(pixels / side, pixels / side);
  if (size > 0 && answers !== null && answers.length > 0) {
    paintAnswers(context);
  }
  paintAxes(context);
  paintSamples(context);
}

function paintAnswers(context) {
  const count = size * size;
  const outputs = answers.length / count;
  const colours = palette();
  cell.width = cell.height = size;
  const brush = cell.getContext('2d', { willReadFrequently: true });
  const image = brush.createImageData(size, size);
  const set = (i, colour) => {
    image.data[4 * i] = colour[0];
    image.data[4 * i + 1] = colour[1];
    image.data[4 * i + 2] = colour[2];
    image.data[4 * i + 3] = 255;
  };
  if (outputs <= 2) {
    const ramps = ramp(colours.negative, colours.none, colours.positive);
    const signed = signedAnswer(outputs);
    for (let i = 0; i < count; i++) {
      const share = Math.max(-1, Math.min(1, signed(i)));
      set(i, Number.isNaN(share) ? colours.none : blend(colours.none, ramps[Math.round(127.5 + 127.5 * share)], 0.62));
    }
  } else {
    for (let i = 0; i < count; i++) {
      const [best, share] = winner(i, outputs);
      set(i, blend(colours.none, colours.classes[best % 10], 0.62 * Math.max(0.15, Math.min(1, share))));
    }
  }
  brush.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = true;
  context.drawImage(cell, 0, 0, side, side);
  context.strokeStyle = colours.text;
  context.globalAlpha = 0.75;
  context.lineWidth = 1.4;
  if (outputs <= 2) {
    contour(context, signedAnswer(outputs));
  } else {
    for (let k = 0; k < outputs; k++) {
      contour(context, i => {
        let other = -Infinity;
        for (let j = 0; j < outputs; j++) {
          other = j === k ? other : Math.max(other, answers[i * outputs + j]);
        }
        return answers[i * outputs + k] - other;
      });
    }
  }
  context.globalAlpha = 1;
}

/** −1 where it is surely class 0, 0 on the border, 1 where it is surely class 1; values by the size of the largest target. */
function signedAnswer(outputs) {
  if (classes === 0) {
    let largest = 1e-9;
    for (let i = 2; i < given.length; i += 4) {
      largest = Math.max(largest, Math.abs(given[i]));
    }
    return i => answers[i] / largest;
  }
  return outputs === 1 ? i => 2 * answers[i] - 1 : i => answers[2 * i + 1] - answers[2 * i];
}

function winner(i, outputs) {
  let best = 0;
  let second = -Infinity;
  for (let k = 1; k < outputs; k++) {
    if (answers[i * outputs + k] > answers[i * outputs + best]) {
      second = answers[i * outputs + best];
      best = k;
    } else {
      second = Math.max(second, answers[i * outputs + k]);
    }
  }
  return [best, answers[i * outputs + best] - second];
}

/** Draws the line where a function of the grid's points is 0, cell by cell. */
function contour(context, value) {
  const at = i => (i + 0.5) * side / size;
  context.beginPath();
  for (let row = 0; row + 1 < size; row++) {
    for (let column = 0; column + 1 < size; column++) {
      const i = row * size + column;
      const corners = [value(i), value(i + 1), value(i + size + 1), value(i + size)];
      const crossings = [];
      for (let edge = 0; edge < 4; edge++) {
        const [a, b] = [corners[edge], corners[(edge + 1) % 4]];
        if ((a < 0) !== (b < 0)) {
          const t = a / (a - b);
          crossings.push(edge === 0 ? [column + t, row] : edge === 1 ? [column + 1, row + t] : edge === 2 ? [column + 1 - t, row + 1] : [column, row + 1 - t]);
        }
      }
      for (let k = 0; k + 1 < crossings.length; k += 2) {
        context.moveTo(at(crossings[k][0]), at(crossings[k][1]));
        context.lineTo(at(crossings[k + 1][0]), at(crossings[k + 1][1]));
      }
    }
  }
  context.stroke();
}

function paintAxes(context) {
  const colours = palette();
  context.strokeStyle = colours.text;
  context.fillStyle = colours.text;
  context.globalAlpha = 0.16;
  context.lineWidth = 1;
  const [x, y] = place(0, 0);
  context.beginPath();
  context.moveTo(x, 0);
  context.lineTo(x, side);
  context.moveTo(0, y);
  context.lineTo(side, y);
  context.stroke();
  context.globalAlpha = 1;
}

function place(x1, x2) {
  return [(x1 - ranges[0]) / (ranges[1] - ranges[0]) * side, (1 - (x2 - ranges[2]) / (ranges[3] - ranges[2])) * side];
}

function paintSamples(context) {
  const colours = palette();
  const radius = given.length / 4 > 400 ? 2.6 : given.length / 4 > 40 ? 3.6 : 5;
  const ramps = classes === 0 ? ramp(colours.negative, colours.none, colours.positive) : null;
  const signed = classes === 0 ? largestTarget() : 1;
  let train = 0;
  for (let i = 0; i < given.length; i += 4) {
    const [x, y] = place(given[i], given[i + 1]);
    const target = given[i + 2];
    const isHeld = given[i + 3] === 1;
    const colour = classes === 0 ? ramps[Math.round(127.5 + 127.5 * Math.max(-1, Math.min(1, target / signed)))] : classColour(colours, target);
    shape(context, x, y, radius, classes === 0 ? (target < 0 ? 1 : 0) : target);
    context.lineWidth = isHeld ? 1.6 : 1;
    context.fillStyle = isHeld ? colours.panel : css(colour);
    context.strokeStyle = isHeld ? css(colour) : colours.panel;
    context.globalAlpha = isHeld ? 0.8 : 1;
    context.fill();
    context.stroke();
    context.globalAlpha = 1;
    if (!isHeld && train++ === marked) {
      context.beginPath();
      context.arc(x, y, radius + 5, 0, 2 * Math.PI);
      context.strokeStyle = colours.text;
      context.lineWidth = 2;
      context.stroke();
    }
  }
}

function largestTarget() {
  let largest = 1e-9;
  for (let i = 2; i < given.length; i += 4) {
    largest = Math.max(largest, Math.abs(given[i]));
  }
  return largest;
}

function classColour(colours, index) {
  return classes === 2 ? (index === 1 ? colours.positive : colours.negative) : colours.classes[index % 10];
}

/** Class 0 is a square, 1 a circle, and so on. */
function shape(context, x, y, r, index) {
  context.beginPath();
  switch (index % 5) {
    case 0:
      context.rect(x - r * 0.88, y - r * 0.88, r * 1.76, r * 1.76);
      break;
    case 1:
      context.arc(x, y, r, 0, 2 * Math.PI);
      break;
    case 2:
      polygon(context, [[x, y - r * 1.2], [x + r * 1.1, y + r * 0.8], [x - r * 1.1, y + r * 0.8]]);
      break;
    case 3:
      polygon(context, [[x, y - r * 1.3], [x + r * 1.3, y], [x, y + r * 1.3], [x - r * 1.3, y]]);
      break;
    default:
      polygon(context, [[x, y + r * 1.2], [x + r * 1.1, y - r * 0.8], [x - r * 1.1, y - r * 0.8]]);
      break;
  }
}

function polygon(context, points) {
  points.forEach(([x, y], i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  context.closePath();
}

function point(event) {
  if (isDrawing) {
    event.preventDefault();
    const box = bound.getBoundingClientRect();
    const other = event.button === 2 || event.shiftKey;
    host().Draw((event.clientX - box.left) / box.width, 1 - (event.clientY - box.top) / box.height, other ? -2 : -1);
  }
}
