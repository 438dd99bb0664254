// What a person chooses users, roles and channels from, in menus and in commands alike.

import { avatar, nameOf } from './avatar.js';
import { icon } from './dom.js';
import { channelKinds } from './store.js';

/** Everybody on the server, the bot too. */
export function users({ users: all }) {
  return all.map((user) => ({
    label: nameOf(user), detail: nameOf(user) === user.username ? '' : user.username, value: user.id, icon: avatar(user),
  }));
}

/** The server's roles, but for the one that everybody has and the bots' own. */
export function roles({ roles: all, guild }) {
  return all.filter(({ id, managed }) => id !== guild.id && !managed)
    .map(({ id, name }) => ({ label: name, detail: 'Role', value: id, icon: icon('role') }));
}

/** The server's channels of the types that are asked for, in the order of the list at the side. */
export function channels(store, types = []) {
  return store.groups().flatMap((group) => group.channels)
    .filter(({ type }) => types.length === 0 || types.includes(type))
    .map(({ id, name, type }) => ({ label: name, value: id, icon: icon(channelKinds[type]) }));
}

const kinds = {
  3: ({ options = [] }) => options.map(({ label, value, description, emoji, default: chosen }) => ({
    label: emoji?.name && !emoji.id ? `${emoji.name} ${label}` : label, detail: description, value, default: chosen,
  })),
  5: (component, store) => users(store),
  6: (component, store) => roles(store),
  7: (component, store) => [...users(store), ...roles(store)],
  8: (component, store) => channels(store, component.channel_types),
};

/** What a select menu offers. */
export function entries(component, store) {
  const defaults = new Set(component.default_values?.map(({ id }) => id));
  return kinds[component.type](component, store).map((entry) => ({ ...entry, default: entry.default || defaults.has(entry.value) }));
}
