// What is offered while an option is typed: what it takes, or what the bot suggests.

import { post, Refusal } from '../api.js';
import { channels, roles, users } from '../entries.js';
import { localized, types } from './commands.js';

const most = 25; // as many as Discord shows
const yesAndNo = [{ label: 'True', value: true }, { label: 'False', value: false }];

/** Everything that an option can be chosen from; nothing when it is typed. */
export function entriesOf(option, store, locale) {
  if (option.choices?.length > 0) return choices(option.choices, locale);
  switch (option.type) {
    case types.boolean: return yesAndNo;
    case types.user: return users(store);
    case types.role: return roles(store);
    case types.mentionable: return [...users(store), ...roles(store)];
    case types.channel: return channels(store, option.channel_types);
    default: return [];
  }
}

/** Those entries that what was typed may mean. */
export function narrowed(entries, typed) {
  const wanted = typed.trim().replace(/^[#@]/, '').toLowerCase();
  const begins = entries.filter(({ label }) => label.toLowerCase().startsWith(wanted));
  const within = entries.filter(({ label, detail = '' }) => `${label} ${detail}`.toLowerCase().includes(wanted));
  return [...new Set([...begins, ...within])].slice(0, most);
}

/** Asks the bot what it suggests; throws a Refusal when it suggests nothing in time. */
export async function suggested(asked, locale, signal) {
  const { choices: found, error } = await post('autocomplete', asked, { signal });
  if (!found) throw new Refusal(error);
  return choices(found, locale);
}

function choices(list, locale) {
  return list.map((choice) => ({ label: localized(choice, 'name', locale), value: choice.value }));
}
