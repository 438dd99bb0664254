// Buttons and menus under a message. What is pressed waits for the bot; what fails says so, as in Discord.

import { el, icon, outside } from './dom.js';
import { isMenu, menu } from './menu.js';

const actionRow = 1;
const button = 2;
const linkStyle = 5;
const buttonStyles = { 1: 'primary', 2: 'secondary', 3: 'success', 4: 'danger' };
const failed = 'This interaction failed';

/** Draws a message's components, row by row. */
export function components(message, names, acts) {
  const list = message.components ?? [];
  if (list.length === 0) return null;
  const alert = el('p', { class: 'failure', role: 'alert' });
  const all = el('div', { class: 'components' });
  const press = (node, component, values) => wait(all, node, alert, () => acts.press(message, component, values));
  const rows = list.map((row) => (row.type === actionRow ? row.components : [row]));
  all.append(...rows.map((row) => el('div', { class: 'action-row' }, row.map((each) => draw(each, names, press)))), alert);
  return all;
}

function draw(component, names, press) {
  if (component.type === button) return component.style === linkStyle ? link(component) : pressable(component, press);
  if (isMenu(component)) return menu(component, names, (node, values) => press(node, component, values));
  return el('span', { class: 'unknown-component' }, `A component of type ${component.type}, which this page does not draw`);
}

function link(component) {
  return outside(component.url, { class: 'button secondary' }, label(component), icon('external'));
}

function pressable(component, press) {
  const look = `button ${buttonStyles[component.style]} ${component.disabled ? 'faded' : ''}`;
  const props = { class: look, type: 'button', disabled: component.disabled, 'data-component': component.custom_id };
  const node = el('button', props, label(component));
  node.addEventListener('click', () => press(node, component));
  return node;
}

// While one waits for its answer none can be used; they are not disabled outright, so that the focus stays.
async function wait(all, node, alert, ask) {
  if (all.ariaBusy === 'true') return;
  const controls = all.querySelectorAll('button:not(:disabled)');
  all.ariaBusy = 'true';
  controls.forEach((control) => control.setAttribute('aria-disabled', 'true'));
  node.classList.add('pending');
  alert.replaceChildren();
  const answered = await ask();
  all.ariaBusy = 'false';
  controls.forEach((control) => control.removeAttribute('aria-disabled'));
  node.classList.remove('pending');
  if (!answered) alert.append(icon('warning'), failed);
}

function label({ emoji, label: text }) {
  return [emoji && !emoji.id && el('span', { 'aria-hidden': 'true' }, emoji.name), el('span', {}, text)];
}
