// The gallery: every event of the catalogue as the bot draws it, in any of its languages.

import { get, Refusal } from './api.js';
import { el } from './dom.js';
import { fillLanguages } from './languages.js';
import { messageElement } from './messages.js';

const still = { press: async () => false, dismiss() {} }; // nothing in the gallery has buttons

export class Gallery {
  #drawn = null; // the language of what is shown
  #asking = null;

  /** Needs its elements, what is known of the server, and who looks. */
  constructor(parts, store, person) {
    Object.assign(this, parts, { store, person });
    this.language.addEventListener('change', () => this.draw());
    this.phone.addEventListener('click', () => {
      this.phone.ariaChecked = String(this.phone.ariaChecked !== 'true');
      this.frame.classList.toggle('phone', this.phone.ariaChecked === 'true');
    });
    this.jump.addEventListener('click', (event) => {
      const target = event.target.closest('button')?.value;
      this.column.querySelector(`[data-object="${target}"]`)?.scrollIntoView({ block: 'start' });
    });
    person.addEventListener('change', () => { this.language.value = this.#spoken(); });
  }

  /** Takes the bot's languages from a state. What was drawn may be another now. */
  load({ host }) {
    this.spoken = host?.locales ?? [];
    fillLanguages(this.language, this.spoken, [], this.language.value || this.#spoken());
    this.#drawn = null;
    if (!this.view.hidden) this.draw();
  }

  /** Shows the view, or hides it. */
  show(shown) {
    this.view.hidden = !shown;
    if (shown) this.draw();
  }

  /** Draws what the program draws, in the chosen language. */
  async draw() {
    const locale = this.language.value || this.#spoken();
    if (locale === this.#drawn) return;
    this.#asking?.abort();
    const { signal } = this.#asking = new AbortController();
    try {
      const { embeds } = await get('gallery', { locale }, { signal });
      if (signal.aborted) return;
      this.#drawn = locale;
      this.#fill(embeds, locale);
    } catch (error) {
      if (error.name === 'AbortError') return;
      if (!(error instanceof Refusal)) throw error;
      this.column.replaceChildren(el('p', { class: 'notice' }, error.message));
    }
  }

  // The person's language, where the bot speaks it.
  #spoken() {
    return this.spoken?.includes(this.person.locale) ? this.person.locale : 'en-US';
  }

  #fill(embeds, locale) {
    const groups = [...Map.groupBy(embeds, ({ type }) => type.split('.')[0])];
    this.count.textContent = `${embeds.length} events of ${groups.length} objects`;
    this.jump.replaceChildren(...groups.map(([object, all]) => el('li', {},
      el('button', { class: 'jump', type: 'button', value: object }, object, el('span', { class: 'jump-count' }, String(all.length))))));
    this.column.replaceChildren(...groups.map(([object, all]) => el('section', { class: 'gallery-group', 'data-object': object },
      el('h3', { class: 'gallery-object' }, object), all.map((each) => this.#event(each, locale)))));
  }

  #event({ type, name, embed }, locale) {
    const message = { id: name, author: this.store.bot, timestamp: new Date().toISOString(), embeds: [embed], lang: locale };
    return el('figure', { class: 'gallery-event', 'data-event': type, 'data-name': name },
      el('figcaption', { class: 'gallery-name' }, el('code', {}, type), ' ', name), messageElement(message, false, this.store, still));
  }
}
