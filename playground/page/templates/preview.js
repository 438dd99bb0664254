// What a template makes of an event: the message as Discord draws it, and what there is to say about it.

import { el } from '../dom.js';
import { messageElement } from '../messages.js';

const still = { press: async () => false, dismiss() {} }; // only links can be pressed in it
const meaning = {
  empty: 'Nothing to show for this event', cut: 'Too long for Discord, so cut', 'left out': 'Not shown',
};

export class Preview {
  /** Needs its elements, what is known of the server, and a function that goes to a fault in the text. */
  constructor({ message, notes, verdict }, store, go) {
    Object.assign(this, { message, notes, verdict, store, go });
  }

  /** Shows what became of the text. Where there is no message, the last one stays. */
  show({ message, notes, fault }, locale) {
    this.message.classList.toggle('stale', !message);
    if (message) this.#draw(message, locale);
    this.notes.replaceChildren(...message && !fault ? remarks(notes) : []);
    this.#judge(fault, message);
  }

  /** Says why nothing can be shown. */
  refuse(problem) {
    this.message.classList.add('stale');
    this.#say('failed', problem);
  }

  #draw(message, locale) {
    const drawn = { id: 'preview', author: this.store.bot, timestamp: new Date().toISOString(), lang: locale, ...message };
    this.message.replaceChildren(messageElement(drawn, false, this.store, still));
  }

  #judge(fault, message) {
    if (!fault) {
      this.#say('fine', 'This is how it would be posted.');
      return;
    }
    const link = () => el('button', { class: 'verdict failed', type: 'button', on: { click: () => this.go(fault) } }, named(fault));
    this.#say('failed', message && 'It fails on this event, which would be posted as if there were no template. ',
      fault.line ? link() : named(fault));
  }

  #say(how, ...what) {
    this.verdict.className = `template-verdict ${how}`;
    this.verdict.replaceChildren(...what.filter(Boolean));
  }
}

function named({ field, line, column, problem }) {
  const place = [line && `Line ${line}`, line && column && `column ${column}`, field].filter(Boolean).join(', ');
  return place ? `${place}: ${problem}` : problem;
}

function remarks(notes) {
  const kinds = Map.groupBy(notes, ({ kind }) => kind);
  return [...kinds].map(([kind, all]) => el('p', {}, el('strong', {}, `${meaning[kind]}: `),
    all.flatMap(({ field }, at) => [at > 0 && ', ', el('code', {}, field)])));
}
