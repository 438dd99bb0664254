// Asks the bot for suggestions while an option is typed: not at each key, and only the last question counts.

import { Refusal } from '../api.js';
import { suggested } from './suggestions.js';

const pause = 180; // ms without a key before the bot is asked

export class Completion {
  #timer = 0;
  #asking = null;

  /** Needs the composer, which knows who types what and where. */
  constructor(composer) {
    this.composer = composer;
  }

  /** Asks for a field; `show` is called with the entries, and a note about how it goes. */
  start(field, show) {
    show([], 'Loading options…');
    this.#timer = setTimeout(() => this.#ask(field, show), field.text ? pause : 0);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
  }

  async #ask(field, show) {
    const { signal } = this.#asking = new AbortController();
    const { locale } = this.composer.person;
    try {
      const entries = await suggested(this.#question(field), locale, signal);
      if (!signal.aborted) show(entries, entries.length > 0 ? '' : 'No options match your search');
    } catch (error) {
      if (error instanceof Refusal && !signal.aborted) show([], 'Loading options failed');
      else if (!(error instanceof Refusal) && error.name !== 'AbortError') throw error;
    }
  }

  // What was picked already does not narrow what is suggested.
  #question({ option: { name }, picked, text }) {
    const { channel, draft, person } = this.composer;
    const options = { ...draft.options, [name]: picked ? '' : text };
    return { ...person.says, channel: channel.id, command: draft.command.path, options, focused: name };
  }
}
