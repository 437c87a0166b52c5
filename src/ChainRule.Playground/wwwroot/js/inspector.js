// Whatever says in data-lights what it belongs to lights that up in the picture, while it is pointed at, or else has the focus.

import { light } from './picture.js';

let lit = '';

const keysOf = element => element?.closest?.('[data-lights]')?.getAttribute('data-lights') ?? '';

function show(pointed) {
  const keys = keysOf(pointed) || keysOf(document.activeElement);
  if (keys !== lit) {
    lit = keys;
    light(keys, 'lit');
  }
}

addEventListener('pointerover', event => show(event.target));
addEventListener('focusin', event => show(event.target));
addEventListener('focusout', () => show(null));
document.addEventListener('pointerleave', () => show(null));
