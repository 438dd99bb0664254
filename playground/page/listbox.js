// A list to choose from while the focus stays in a text field (ARIA's combobox): arrows move, the field's owner chooses.

import { el } from './dom.js';

let lists = 0;

export class Listbox {
  #items = [];
  #active = -1;
  #field = null;
  #prefix = `list-${++lists}`;

  /** Needs the list's element and a function that is called with the item that was clicked. */
  constructor(root, choose) {
    Object.assign(this, { root, choose });
    root.addEventListener('pointerdown', (event) => event.preventDefault()); // keeps the focus where it is
    root.addEventListener('click', (event) => {
      const row = event.target.closest('[role="option"]');
      if (row) this.choose(this.#items[Number(row.dataset.at)]);
    });
  }

  /** Shows items for a field. Each has a label, and may have a detail, an icon and the group it stands in. */
  show(field, items, active = 0) {
    if (field !== this.#field) this.hide();
    this.#field = field;
    this.#items = items;
    this.root.replaceChildren(...this.#rows());
    this.root.hidden = items.length === 0;
    field.setAttribute('aria-controls', this.root.id);
    field.setAttribute('aria-expanded', String(items.length > 0));
    this.#activate(items.length > active ? active : -1);
  }

  hide() {
    this.root.hidden = true;
    this.root.replaceChildren();
    this.#items = [];
    this.#activate(-1);
    this.#field?.setAttribute('aria-expanded', 'false');
    this.#field = null;
  }

  get active() {
    return this.#items[this.#active] ?? null;
  }

  get open() {
    return this.#items.length > 0;
  }

  /** Goes up or down, around the ends. */
  move(by) {
    const { length } = this.#items;
    const from = this.#active < 0 && by < 0 ? length : this.#active;
    if (length > 0) this.#activate((from + by + length) % length);
  }

  #activate(at) {
    this.root.querySelector('[aria-selected="true"]')?.setAttribute('aria-selected', 'false');
    this.#active = at;
    const row = at < 0 ? null : this.root.querySelector(`[data-at="${at}"]`);
    row?.setAttribute('aria-selected', 'true');
    row?.scrollIntoView({ block: 'nearest' });
    if (row) this.#field.setAttribute('aria-activedescendant', row.id);
    else this.#field?.removeAttribute('aria-activedescendant');
  }

  // Rows, where groups are named in elements around them.
  #rows() {
    const groups = Map.groupBy(this.#items.map((item, at) => ({ item, at })), ({ item }) => item.group ?? '');
    return [...groups].flatMap(([name, members]) => {
      const rows = members.map(({ item, at }) => this.#row(item, at));
      if (!name) return rows;
      return el('li', { role: 'group', 'aria-label': name }, el('p', { class: 'group-name', 'aria-hidden': 'true' }, name),
        el('ul', { role: 'presentation' }, rows));
    });
  }

  #row({ label, detail, icon }, at) {
    return el('li', { id: `${this.#prefix}-${at}`, role: 'option', class: 'choice', 'data-at': at, 'aria-selected': 'false' },
      icon, el('span', { class: 'choice-label' }, label), detail && el('span', { class: 'choice-detail' }, detail));
  }
}
