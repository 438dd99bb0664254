// Who uses the page: one of the server's members, in a language, with permissions. The browser remembers it.

const manageGuild = 1n << 5n;
const administrator = 1n << 3n;
const remembered = 'person';

export class Person extends EventTarget {
  #users = [];
  #chosen = { username: null, locale: 'en-US', permissions: null, ...recall() };

  /** Takes the members from a state. Who was chosen before is found by name: a new playground gives new ids. */
  load({ users, bot, me }) {
    this.#users = users.filter((user) => !user.bot && user.id !== bot.id);
    this.first = this.#users.find(({ id }) => id === me) ?? this.#users[0];
    this.#changed();
  }

  get users() {
    return this.#users;
  }

  get user() {
    return this.#users.find(({ username }) => username === this.#chosen.username) ?? this.first;
  }

  get locale() {
    return this.#chosen.locale;
  }

  /** What the person may do: what the server lets them, unless that was overruled. */
  get permissions() {
    return BigInt(this.#chosen.permissions ?? this.user?.permissions ?? 0);
  }

  get overruled() {
    return this.#chosen.permissions !== null;
  }

  /** Chooses another user, locale or permissions (null for what the server lets the user do). */
  choose(what) {
    if ('username' in what) this.#chosen.permissions = null;
    Object.assign(this.#chosen, what);
    if (this.#chosen.permissions === String(this.user.permissions)) this.#chosen.permissions = null;
    localStorage.setItem(remembered, JSON.stringify(this.#chosen));
    this.#changed();
  }

  /** Says who does something, as the playground wants to be told. */
  get says() {
    const { permissions } = this.#chosen;
    return { user: this.user?.id, locale: this.locale, ...(permissions !== null && { permissions }) };
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

/** Says in two words what somebody may do. */
export function standing(permissions) {
  const may = BigInt(permissions);
  if (may & administrator) return 'Administrator';
  return may & manageGuild ? 'Manage Server' : 'member';
}

function recall() {
  try {
    return JSON.parse(localStorage.getItem(remembered));
  } catch {
    return null;
  }
}
