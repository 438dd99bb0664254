// The registered commands as a person sees them: in their language, each subcommand one to run.

import { get } from '../api.js';

/** The types of options. */
export const types = {
  subcommand: 1, group: 2, string: 3, integer: 4, boolean: 5, user: 6, channel: 7, role: 8, mentionable: 9, number: 10, attachment: 11,
};

/** Asks for the commands that a person is offered in a channel, each subcommand one. */
export async function offered(person, channel) {
  const { commands } = await get('commands', { ...person.says, channel: channel.id });
  return commands.flatMap((command) => runnable(command, person.locale, [], []));
}

/** A name or a description in a language, when it has been translated. */
export function localized(thing, what, locale) {
  return thing[`${what}_localizations`]?.[locale] ?? thing[what];
}

/** Those commands that what was typed may mean, the likeliest first. */
export function matching(commands, typed) {
  const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean).join(' ');
  return commands.map((command) => ({ command, rank: rank(command, wanted) }))
    .filter(({ rank: found }) => found < Infinity)
    .sort((a, b) => a.rank - b.rank)
    .map(({ command }) => command);
}

/** The command that was typed out in full with a space behind it, and what stands after it. */
export function typedOut(commands, typed) {
  const lower = typed.toLowerCase();
  for (const command of commands) {
    for (const name of [command.path, command.label]) {
      if (lower.startsWith(`${name.toLowerCase()} `)) return { command, rest: typed.slice(name.length + 1) };
    }
  }
  return null;
}

/** Reads "name:Acme channel:#sales" into what each option is given, and what stands before them all. */
export function named(options, text) {
  const given = [];
  let before = '';
  for (const word of text.split(/(?<=\s)/)) {
    const [, name, rest] = /^([^:\s]+):(.*)$/s.exec(word) ?? [];
    const option = name && options.find((each) => [each.name, each.label].some((known) => known.toLowerCase() === name.toLowerCase()));
    if (option) given.push({ option, text: rest });
    else if (given.length > 0) given.at(-1).text += word;
    else before += word;
  }
  return { before: before.trimEnd(), given: given.map(({ option, text: value }) => ({ option, text: value.trim() })) };
}

function runnable(command, locale, names, labels) {
  const path = [...names, command.name];
  const label = [...labels, localized(command, 'name', locale)];
  const options = command.options ?? [];
  const nested = options.filter(({ type }) => type === types.subcommand || type === types.group);
  if (nested.length > 0) return nested.flatMap((inner) => runnable(inner, locale, path, label));
  return [{
    path: path.join(' '), label: label.join(' '), description: localized(command, 'description', locale),
    options: options.map((option) => ({
      ...option, label: localized(option, 'name', locale), explained: localized(option, 'description', locale),
    })),
  }];
}

// How near what was typed is to a command: 0 is its beginning, 1 the beginning of one of its words, 2 somewhere in it.
function rank({ path, label }, wanted) {
  const names = [path, label].map((name) => name.toLowerCase());
  const tests = [
    (name) => name.startsWith(wanted),
    (name) => name.split(/[\s-]/).some((word) => word.startsWith(wanted)),
    (name) => name.includes(wanted),
  ];
  const found = tests.findIndex((test) => names.some(test));
  return found < 0 ? Infinity : found;
}
