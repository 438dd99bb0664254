// What only one person sees: ephemeral answers, "is thinking…", and what went wrong. The server's state has none of it,
// so it lives as long as the page is open.

/** The flags of messages that the page knows. */
export const flags = { suppressEmbeds: 1 << 2, hasThread: 1 << 5, ephemeral: 1 << 6, thinking: 1 << 7 };

const epoch = 1420070400000n; // ms, where Discord's ids begin to count

export class Asides {
  #all = []; // { of: user id, message }

  /** Adds a message that only one user sees, or what changed of it. */
  put(of, message) {
    const at = this.#all.findIndex((aside) => aside.message.id === message.id);
    if (at < 0) this.#all.push({ of, message });
    else this.#all[at] = { of: this.#all[at].of, message: { ...this.#all[at].message, ...message } };
  }

  remove(id) {
    this.#all = this.#all.filter(({ message }) => message.id !== id);
  }

  has(id) {
    return this.#all.some(({ message }) => message.id === id);
  }

  /** What a user sees besides the messages in a channel. */
  in(channel, user) {
    return this.#all.filter(({ of, message }) => of === user && message.channel_id === channel).map(({ message }) => message);
  }

  /** Forgets everything: it belongs to a playground that is gone. */
  clear() {
    this.#all = [];
  }
}

/** Tells whether only one person sees a message. */
export function isAside(message) {
  return Boolean(message.flags & flags.ephemeral);
}

/** Makes a message of the page's own, in the bot's name: the answer to a command of the user. */
export function ownMessage(bot, user, channel, command, rest) {
  const now = Date.now();
  return {
    id: String((BigInt(now) - epoch) << 22n), channel_id: channel, author: bot, content: '', flags: flags.ephemeral,
    timestamp: new Date(now).toISOString(), interaction_metadata: { user, name: command }, ...rest,
  };
}
