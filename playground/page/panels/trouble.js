// The panel that makes Discord misbehave, so that one can watch Dispatch cope.

import { post, Refusal } from '../api.js';
import { el } from '../dom.js';
import { called, channelKinds } from '../store.js';
import { mischiefs } from './mischief.js';

export class Trouble {
  #places = []; // the elements that name the open channel
  #deleted = []; // the names of the channels that were deleted from here

  /** Needs the list it fills, the switch for an outage, and the lines that say what is and what was done. */
  constructor({ list, outage, limited, outcome }) {
    Object.assign(this, { outage, limited, outcome });
    this.restores = el('div', { class: 'trouble-do' });
    list.append(...mischiefs.map((mischief) => this.#card(mischief)));
    list.lastElementChild.append(this.restores);
    outage.addEventListener('click', () => {
      const on = outage.ariaChecked !== 'true';
      this.#do({ do: 'outage', on }, on ? 'Discord is down.' : 'Discord is back.');
    });
  }

  /** Takes what is going wrong at the moment. */
  load({ outage = false, limits = false } = {}) {
    this.outage.ariaChecked = String(outage);
    this.limited.hidden = !limits;
  }

  /** Takes the channel that is open: some mischief is about one. */
  open(channel) {
    this.channel = channel;
    for (const place of this.#places) place.textContent = called(channel);
  }

  #card({ id, title, sees, numbers, here, buttons }) {
    const inputs = numbers.map(number);
    const place = here && el('span', { class: 'trouble-place' });
    if (place) this.#places.push(place);
    const makers = Object.entries(buttons);
    const form = el('form', { class: 'trouble-do' }, inputs.map(({ label }) => label), makers.map(([name], at) =>
      el('button', { class: 'button secondary', type: 'submit', value: at, 'aria-label': `${title}: ${name}` }, name)));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const [name, make] = makers[Number(event.submitter.value)];
      const given = Object.fromEntries(inputs.map(({ input }) => [input.name, input.valueAsNumber]));
      this.#do(make(given, this.channel.id), `${title}${here ? ` in ${called(this.channel)}` : ''}: ${name}, done.`);
    });
    return el('li', { class: 'trouble', 'data-mischief': id }, el('h3', {}, title, place && [' · ', place]), el('p', {}, sees), form);
  }

  async #do(what, said) {
    const { name, type } = this.channel;
    try {
      await post('mischief', what);
      this.outcome.textContent = said;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.outcome.textContent = error.message;
      return;
    }
    if (what.do === 'delete_channel' && channelKinds[type] !== 'thread') this.#deleted.push(name);
    if (what.do === 'restore_channel') this.#deleted.splice(this.#deleted.indexOf(what.name), 1);
    this.restores.replaceChildren(...this.#deleted.map((gone) => this.#restore(gone)));
  }

  #restore(name) {
    const click = () => this.#do({ do: 'restore_channel', name }, `#${name} is back, as a new channel.`);
    return el('button', { class: 'button secondary', type: 'button', on: { click } }, `Restore #${name}`);
  }
}

function number({ label, ...limits }) {
  const input = el('input', { class: 'input number', type: 'number', required: true, ...limits });
  return { input, label: el('label', { class: 'trouble-number' }, input, label) };
}
