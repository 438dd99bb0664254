// What a modal is made of: texts to read, texts to write, menus and files, each under its label.

import { el } from './dom.js';
import { entries } from './entries.js';
import { contents } from './files.js';
import { markup } from './markup.js';
import { isMenu, menu } from './menu.js';

const types = { row: 1, textInput: 4, text: 10, label: 18, file: 19 };
const paragraph = 2;
const longest = 4000; // characters that a text input takes at most
const code = 1000; // from so many on it is rather code than a sentence
const nearly = .9; // of the characters, from where on they are counted for the person
let made = 0;

/**
 * Draws a modal's components. Each part has a node; those to fill in also have a name, `check` and `focus`, and `value`
 * or `files`.
 */
export function inputs(components, store) {
  return components.map((component) => {
    if (component.type === types.text) return { node: el('div', { class: 'markup' }, markup(component.content, store)), check: () => true };
    const inner = component.type === types.row ? component.components[0] : component.component ?? component;
    return labelled(inner, component.label ?? inner.label, component.description, store);
  });
}

function labelled(component, label, description, store) {
  const id = `input-${++made}`;
  const required = component.required ?? true;
  const alert = el('p', { id: `${id}-alert`, class: 'failure', role: 'alert' });
  const part = field(component, { id, label, required }, store);
  const check = () => {
    alert.textContent = part.problem() ?? '';
    part.control.setAttribute('aria-invalid', String(alert.textContent !== ''));
    return alert.textContent === '';
  };
  part.control.setAttribute('aria-describedby', alert.id);
  const node = el('div', { class: 'labelled' },
    el('label', { for: id }, label, required && el('span', { class: 'required', 'aria-hidden': 'true' }, ' *')),
    description && el('p', { class: 'labelled-note' }, description), part.node ?? part.control, alert);
  return { ...part, node, check, name: component.custom_id, focus: () => part.control.focus() };
}

function field(component, props, store) {
  if (component.type === types.file) return fileInput(component, props);
  return isMenu(component) ? menuInput(component, props, store) : textInput(component, props);
}

function textInput(component, { id, required }) {
  const long = component.style === paragraph;
  const { min_length: least = 0, max_length: most = longest, placeholder } = component;
  const props = { id, class: 'input', placeholder, 'aria-required': String(required), 'data-component': component.custom_id };
  const control = long ? area(props, most) : el('input', { ...props, type: 'text', autocomplete: 'off' });
  const count = el('p', { class: 'count', hidden: true });
  const counted = () => {
    count.hidden = control.value.length < most * nearly;
    count.textContent = `${control.value.length} of ${most} characters`;
  };
  control.value = component.value ?? '';
  control.addEventListener('input', counted);
  counted();
  const problem = () => {
    const { length } = control.value; // Discord's clients count like this, too
    if (length === 0) return required ? 'This field is required' : null;
    if (length > most) return `Must be ${most} or fewer in length.`;
    return length < least ? `Must be ${least} or more in length.` : null;
  };
  return { node: el('div', {}, control, count), control, problem, value: () => control.value };
}

// Where much fits in, it is JSON or a program: lines are kept, and characters stand below one another.
function area(props, most) {
  if (most < code) return el('textarea', { ...props, rows: 4 });
  return el('textarea', { ...props, class: 'input mono', rows: 14, spellcheck: 'false', autocapitalize: 'off', wrap: 'off' });
}

function menuInput(component, { id, label, required }, store) {
  const several = (component.max_values ?? 1) > 1;
  let values = entries(component, store).filter((entry) => entry.default).map(({ value }) => value);
  const node = menu(component, store, (_, chosen) => { values = chosen; }, label);
  const control = node.querySelector('button');
  control.id = id;
  return {
    node, control,
    problem: () => (required && values.length === 0 ? 'This field is required' : null),
    value: () => (several ? values : values[0]),
  };
}

function fileInput(component, { id, required }) {
  const several = (component.max_values ?? 1) > 1;
  const control = el('input', {
    id, class: 'input', type: 'file', multiple: several, 'aria-required': String(required), 'data-component': component.custom_id,
  });
  return {
    control,
    problem: () => (required && control.files.length === 0 ? 'This field is required' : null),
    files: () => contents(control.files),
  };
}
