// Select menus, in messages and in modals: a button that opens a list to choose one or several from.

import { el, icon } from './dom.js';
import { entries } from './entries.js';

const placeholders = {
  3: 'Make a selection', 5: 'Select a user', 6: 'Select a role', 7: 'Select a user or role', 8: 'Select a channel',
};
const forgets = 800; // ms until another letter begins another word
let menus = 0;

export function isMenu({ type }) {
  return type in placeholders;
}

/**
 * Draws a menu. `chosen` is called with its element and the values that the reader chose: at once where it takes one, as
 * the list closes where it takes several.
 */
export function menu(component, names, chosen, label) {
  return new Menu(component, names, chosen, label).node;
}

class Menu {
  #active = 0;
  #typed = '';
  #forget = 0;

  constructor(component, names, chosen, label) {
    Object.assign(this, { component, chosen, label, options: entries(component, names), id: `menu-${++menus}` });
    this.most = component.max_values ?? 1;
    this.values = this.options.filter((option) => option.default).map(({ value }) => value);
    this.before = this.values;
    this.#build();
    this.#draw();
  }

  get isOpen() {
    return !this.list.hidden;
  }

  #build() {
    const { component, id, most, options } = this;
    this.rows = options.map((option, at) => row(option, `${id}-${at}`, most > 1));
    this.rows.forEach((each, at) => each.addEventListener('click', () => this.#choose(at)));
    const none = el('li', { class: 'notice', role: 'presentation' }, 'There is nothing to choose.');
    this.list = el('ul', { id, class: 'choices menu-list', role: 'listbox', 'aria-multiselectable': String(most > 1), hidden: true },
      this.rows.length > 0 ? this.rows : none);
    this.list.addEventListener('pointerdown', (event) => event.preventDefault());
    this.shown = el('span', { class: 'menu-values' });
    this.control = el('button', {
      class: 'menu', type: 'button', role: 'combobox', disabled: component.disabled, 'aria-haspopup': 'listbox', 'aria-controls': id,
      'data-component': component.custom_id,
      on: { click: () => this.#open(!this.isOpen), keydown: (event) => this.#key(event), blur: () => this.#open(false) },
    }, this.shown, icon('chevron'));
    this.node = el('div', { class: 'menu-frame' }, this.control, this.list);
  }

  #draw() {
    const labels = this.options.filter(({ value }) => this.values.includes(value)).map((option) => option.label);
    const text = labels.join(', ') || this.component.placeholder || placeholders[this.component.type];
    this.shown.textContent = text;
    this.shown.classList.toggle('chosen', labels.length > 0);
    this.control.setAttribute('aria-label', this.label ? `${this.label}: ${text}` : text);
    this.control.setAttribute('aria-expanded', String(this.isOpen));
    const active = this.isOpen ? this.rows[this.#active] : null;
    this.rows.forEach((each, at) => {
      each.setAttribute('aria-selected', String(this.values.includes(this.options[at].value)));
      each.classList.toggle('active', each === active);
    });
    if (active) this.control.setAttribute('aria-activedescendant', active.id);
    else this.control.removeAttribute('aria-activedescendant');
    active?.scrollIntoView({ block: 'nearest' });
  }

  #open(open) {
    if (open === this.isOpen || (open && this.control.ariaDisabled === 'true')) return;
    this.list.hidden = !open;
    if (open) {
      this.before = this.values;
      this.#active = Math.max(this.options.findIndex(({ value }) => this.values.includes(value)), 0);
    }
    this.#draw();
    if (!open && this.most > 1 && String(this.before) !== String(this.values)) this.#finish();
  }

  #choose(at) {
    const { value } = this.options[at];
    this.#active = at;
    if (this.most === 1) {
      this.values = [value];
      this.#open(false);
      this.#finish();
      return;
    }
    if (this.values.includes(value)) this.values = this.values.filter((other) => other !== value);
    else if (this.values.length < this.most) this.values = [...this.values, value];
    this.#draw();
  }

  #finish() {
    if (this.values.length < (this.component.min_values ?? 1)) this.values = this.before;
    else this.chosen(this.control, this.values);
    this.#draw();
  }

  #key(event) {
    const { length } = this.options;
    const act = {
      ArrowDown: () => this.#go((this.#active + 1) % length),
      ArrowUp: () => this.#go((this.#active - 1 + length) % length),
      Home: () => this.#go(0),
      End: () => this.#go(length - 1),
      Enter: () => (this.isOpen ? this.#choose(this.#active) : this.#open(true)),
      ' ': () => (this.isOpen ? this.#choose(this.#active) : this.#open(true)),
      Escape: () => this.#open(false),
    }[event.key] ?? (event.key.length === 1 && !event.ctrlKey && !event.metaKey && (() => this.#find(event.key)));
    if (!act || (event.key === 'Escape' && !this.isOpen)) return;
    event.preventDefault();
    event.stopPropagation();
    if (length > 0) act();
  }

  #go(at) {
    if (!this.isOpen) {
      this.#open(true);
      return;
    }
    this.#active = at;
    this.#draw();
  }

  #find(letter) {
    clearTimeout(this.#forget);
    this.#forget = setTimeout(() => { this.#typed = ''; }, forgets);
    this.#typed += letter.toLowerCase();
    const found = this.options.findIndex((option) => option.label.toLowerCase().startsWith(this.#typed));
    if (found >= 0) this.#go(found);
  }
}

function row(option, id, several) {
  return el('li', { id, class: 'choice', role: 'option' },
    option.icon,
    el('span', { class: 'choice-label' }, option.label),
    option.detail && el('span', { class: 'choice-detail' }, option.detail),
    several && el('span', { class: 'tick' }, icon('check')));
}
