// The panel above the composer: what is being typed, what is wrong with it, and what can be chosen.

import { Listbox } from '../listbox.js';

export class Hints {
  #list;

  constructor({ panel, title, problem, list }) {
    Object.assign(this, { panel, title, problem });
    this.#list = new Listbox(list, (item) => item.choose());
  }

  /** Shows a title, a problem if there is one, and items of which one is active (-1: none). */
  show(input, { title, problem = '', items = [], active = 0 }) {
    this.title.replaceChildren(...[title].flat());
    if (this.problem.textContent !== problem) this.problem.textContent = problem;
    this.#list.show(input, items, active);
    this.panel.hidden = false;
  }

  hide() {
    this.#list.hide();
    this.problem.textContent = '';
    this.panel.hidden = true;
  }

  get open() {
    return this.#list.open;
  }

  get active() {
    return this.#list.active;
  }

  move(by) {
    this.#list.move(by);
  }

  /** Closes the list and leaves the title. */
  close() {
    this.#list.hide();
  }
}
