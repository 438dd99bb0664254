// Buttons and menus under a message. Links work; what needs an answer from the bot is drawn, and cannot be pressed yet.

import { el, icon, outside } from './dom.js';

const actionRow = 1;
const button = 2;
const linkStyle = 5;
const buttonStyles = { 1: 'primary', 2: 'secondary', 3: 'success', 4: 'danger' };
const menus = {
  3: 'Make a selection', 5: 'Select a user', 6: 'Select a role', 7: 'Select a user or role', 8: 'Select a channel',
};
const notYet = 'This page shows buttons and menus but cannot press them yet.';

/** Draws a message's components, row by row. */
export function components(list) {
  return list.map((row) => el('div', { class: 'action-row' }, (row.type === actionRow ? row.components : [row]).map(draw)));
}

function draw(component) {
  if (component.type === button) return component.style === linkStyle ? link(component) : press(component);
  if (component.type in menus) return menu(component);
  return el('span', { class: 'unknown-component' }, `A component of type ${component.type}, which this page does not draw`);
}

function link(component) {
  return outside(component.url, { class: 'button secondary' }, label(component), icon('external'));
}

function press(component) {
  const look = `button ${buttonStyles[component.style]} ${component.disabled ? 'faded' : ''}`;
  return el('button', { class: look, type: 'button', disabled: true, title: notYet }, label(component));
}

function menu(component) {
  const chosen = component.options?.filter((option) => option.default).map((option) => option.label).join(', ');
  return el('button', { class: 'menu', type: 'button', disabled: true, title: notYet },
    el('span', {}, chosen || component.placeholder || menus[component.type]), icon('chevron'));
}

function label({ emoji, label: text }) {
  return [emoji && !emoji.id && el('span', { 'aria-hidden': 'true' }, emoji.name), text];
}
