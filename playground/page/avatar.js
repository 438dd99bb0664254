// Faces without pictures: initials on a colour of one's own.

import { el } from './dom.js';

const brand = '#5865f2'; // bots
const colours = ['#2d7d46', '#a8452c', '#9b3a73', '#1f7480', '#6a4fb6']; // people; white is readable on each

/** Draws a user's avatar. It says nothing that the name beside it does not say. */
export function avatar(user) {
  const colour = user.bot ? brand : colours[Number(BigInt(user.id) % BigInt(colours.length))];
  return el('span', { class: 'avatar', 'aria-hidden': 'true', vars: { '--face': colour } }, initials(nameOf(user)));
}

/** The name that others see. */
export function nameOf(user) {
  return user.global_name ?? user.username;
}

// The first letters of the first two words.
function initials(name) {
  return name.split(/[\s._-]+/).filter(Boolean).slice(0, 2).map((word) => [...word][0].toUpperCase()).join('');
}
