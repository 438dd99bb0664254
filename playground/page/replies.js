// What a person does with the bot, and what becomes of its answer: a message, a form to fill in, or a failure.

import { flags, ownMessage } from './asides.js';
import { post, Refusal } from './api.js';

const noAnswer = 'The application did not respond';

export class Replies {
  #waiting = []; // the "is thinking…" messages, by the id of who asked

  /** Needs what is known, who asks, and functions to call when messages changed and when a form is to be filled in. */
  constructor(store, person, { changed, fill }) {
    Object.assign(this, { store, person, changed, fill });
  }

  /** Runs a command in a channel. Throws a Refusal when it cannot be run like this. */
  async run(channel, command, options, files) {
    const { user } = this.person;
    const thinking = ownMessage(this.store.bot, user, channel.id, command, { flags: flags.thinking });
    const { asides } = this.store;
    this.#waiting.push(thinking);
    asides.put(user.id, thinking);
    this.changed({ live: true, own: true });
    try {
      const answer = await post('run', { ...this.person.says, channel: channel.id, command, options, files });
      this.#forget(thinking);
      const failure = answer.error ?? (answer.reply ? null : noAnswer);
      if (failure) asides.put(user.id, ownMessage(this.store.bot, user, channel.id, command, { failure }));
      else this.#take(answer.reply, channel.id);
    } finally {
      this.#forget(thinking);
      this.changed({ live: true, own: true });
    }
  }

  /** Presses a button, or chooses from a menu. Returns whether the bot answered. */
  press(message, component, values = []) {
    const does = { channel: message.channel_id, message: message.id, custom_id: component.custom_id, values };
    return this.#ask('press', does, message.channel_id);
  }

  /** Submits a form that was filled in. Returns whether the bot answered. */
  submit(channel, modal, values, files) {
    return this.#ask('submit', { channel, modal: modal.id, values, files }, channel);
  }

  /** Forgets that somebody waits for an answer which came in as a message for all. */
  seen({ interaction_metadata: from }) {
    const thinking = from && this.#waiting.find(({ interaction_metadata: { user } }) => user.id === from.user?.id);
    if (thinking) this.#forget(thinking);
  }

  async #ask(path, does, channel) {
    try {
      const { reply } = await post(path, { ...this.person.says, ...does });
      if (reply) this.#take(reply, channel);
      return Boolean(reply);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return false;
    } finally {
      this.changed({ live: true });
    }
  }

  #take({ message, modal, followups }, channel) {
    for (const each of [message, ...followups ?? []]) if (each) this.store.put({ ...each, lang: this.person.locale });
    if (modal) this.fill(modal, channel);
  }

  #forget(thinking) {
    this.#waiting = this.#waiting.filter((other) => other !== thinking);
    this.store.asides.remove(thinking.id);
  }
}
