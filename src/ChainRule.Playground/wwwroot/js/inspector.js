// Whatever says in data-lights what it belongs to lights that up in the picture, while it is pointed at or has the focus.

import { light } from './picture.js';

let lit = '';

function show(target) {
  const keys = target?.closest?.('[data-lights]')?.getAttribute('data-lights') ?? '';
  if (keys !== lit) {
    lit = keys;
    light(keys, 'lit');
  }
}

addEventListener('pointerover', event => show(event.target));
addEventListener('focusin', event => show(event.target));
document.addEventListener('pointerleave', () => show(null));
