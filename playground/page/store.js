// What the page knows of the local Discord: a copy of its state, kept up to date event by event.

import { Asides, isAside } from './asides.js';

const kept = 500; // messages a channel, as many as the server keeps

/** The kinds of channels by Discord's number; also the names of their icons. What is left out is not drawn. */
export const channelKinds = {
  0: 'text', 5: 'announcement', 15: 'forum', 16: 'forum', 10: 'thread', 11: 'thread', 12: 'thread',
};
const category = 4;
const signed = new Set(['text', 'announcement']);
const nowhere = { id: '0', name: 'no-channels', type: 0 }; // what is open when every channel was deleted

/** What a channel is called where it is spoken of: "#sales", but a post or a thread by its name alone. */
export function called({ name, type }) {
  return signed.has(channelKinds[type]) ? `#${name}` : name;
}

export class Store {
  guild = { name: '' };
  channels = [];
  users = [];
  roles = [];
  asides = new Asides();
  reader = null; // the id of the user who looks
  #names = { user: new Map(), role: new Map(), channel: new Map() };
  #messages = new Map();
  #lastRead = new Map();

  /** Takes a whole state in place of what was known. What was read stays read. */
  load(state) {
    if (state.guild.id !== this.guild.id) this.asides.clear();
    this.guild = state.guild;
    this.bot = state.bot;
    this.users = state.users;
    this.roles = state.roles;
    this.channels = state.channels;
    this.#names = { user: byID([...state.users, state.bot]), role: byID(state.roles), channel: byID(state.channels) };
    this.#messages = new Map(Object.entries(state.messages).map(([id, list]) => [id, list.toSorted(bySnowflake)]));
  }

  /** Adds a message, or what changed of it. What only one user sees goes to those who see it. */
  put(message) {
    if (isAside(message) || this.asides.has(message.id)) {
      this.asides.put(asker(message) ?? this.reader, message);
      return;
    }
    const list = this.#public(message.channel_id);
    const at = list.findLastIndex(({ id }) => id === message.id);
    const next = at < 0 ? [...list, message].slice(-kept) : list.with(at, { ...list[at], ...message });
    this.#messages.set(message.channel_id, next);
  }

  remove({ id, channel_id: channel }) {
    this.asides.remove(id);
    this.#messages.set(channel, this.#public(channel).filter((message) => message.id !== id));
  }

  /** What the reader sees in a channel, the oldest first. */
  messages(channelID) {
    const asides = this.asides.in(channelID, this.reader);
    const all = this.#public(channelID);
    return asides.length > 0 ? [...all, ...asides].sort(bySnowflake) : all;
  }

  #public(channelID) {
    return this.#messages.get(channelID) ?? [];
  }

  user(id) {
    return this.#names.user.get(id);
  }

  role(id) {
    return this.#names.role.get(id);
  }

  channel(id) {
    return this.#names.channel.get(id);
  }

  /** The channels as the list shows them: groups with a category or none, each channel followed by its threads. */
  groups() {
    const drawn = this.channels.filter(({ type }) => type in channelKinds);
    const under = (id) => drawn.filter((channel) => (channel.parent_id ?? null) === id);
    const withThreads = (id) => under(id).flatMap((channel) => [channel, ...under(channel.id)]);
    return [null, ...this.channels.filter(({ type }) => type === category)]
      .map((group) => ({ name: group?.name, channels: withThreads(group?.id ?? null) }))
      .filter(({ channels }) => channels.length > 0);
  }

  /**
   * The channel to show: that with the id, else that with the name (after a restart of the playground the ids are others),
   * else the first where something was said, else the first.
   */
  wanted(id, name) {
    const channels = this.#all();
    const spoken = (channel) => this.messages(channel.id).length > 0;
    return channels.find((channel) => channel.id === id) ?? channels.find((channel) => channel.name === name)
      ?? channels.find(spoken) ?? channels[0] ?? nowhere;
  }

  /** The channel itself when one can write in it, else the first where one can. */
  writable(channel) {
    const can = ({ type }) => channelKinds[type] !== 'forum';
    return can(channel) ? channel : this.#all().find(can) ?? nowhere;
  }

  #all() {
    return this.groups().flatMap((group) => group.channels);
  }

  /** The threads of a channel, which in a forum are its posts. */
  threads(channelID) {
    return this.channels.filter(({ parent_id: parent, type }) => parent === channelID && channelKinds[type] === 'thread');
  }

  /** How many messages came in after the last one that was read. */
  unread(channelID) {
    const last = this.lastRead(channelID);
    return this.messages(channelID).filter((message) => compare(message.id, last) > 0).length;
  }

  lastRead(channelID) {
    return this.#lastRead.get(channelID) ?? '0';
  }

  markRead(channelID) {
    this.#lastRead.set(channelID, this.messages(channelID).at(-1)?.id ?? this.lastRead(channelID));
  }
}

/** Orders snowflakes, which are numbers too long for a number. */
export function compare(a, b) {
  return a.length - b.length || (a < b ? -1 : Number(a > b));
}

function asker({ interaction, interaction_metadata: metadata }) {
  return (metadata ?? interaction)?.user?.id;
}

function bySnowflake(a, b) {
  return compare(a.id, b.id);
}

function byID(list) {
  return new Map(list.map((each) => [each.id, each]));
}
