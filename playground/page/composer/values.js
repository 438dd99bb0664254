// What was typed for an option, read as the value that is sent, or as what is wrong with it in Discord's words.

import { types } from './commands.js';

const longest = 6000; // characters that an option takes at most
const largest = Number.MAX_SAFE_INTEGER;
const notGiven = 'This option is required. Specify a value.';

/**
 * Reads a text; `entries` are what can be chosen, `picked` the one that was. Returns { value }, { problem }, or neither when
 * nothing was given and nothing has to be.
 */
export function read(option, text, entries, picked) {
  const trimmed = text.trim();
  if (!trimmed) return option.required ? { problem: notGiven } : {};
  if (picked) return { value: picked.value };
  const reader = option.choices?.length > 0 ? chosen('Enter a valid choice.') : readers[option.type];
  return reader(option, trimmed, entries);
}

/** Says what an option takes, besides its description: "1–100 characters". */
export function limits({ type, choices, min_length: least, max_length: most, min_value: low, max_value: high }) {
  if (choices?.length > 0) return '';
  if (type === types.string) return range(least, most, 'characters');
  if (type === types.attachment) return 'press Enter to choose a file, or drop one here';
  if (type === types.integer) return range(low, high, '') || 'a whole number';
  return type === types.number ? range(low, high, '') || 'a number' : '';
}

const readers = {
  [types.string]: textValue,
  [types.integer]: numberValue(/^[+-]?\d+$/, 'Enter a valid integer.'),
  [types.number]: numberValue(/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i, 'Enter a valid number.'),
  [types.boolean]: chosen('Specify either True or False.'),
  [types.user]: chosen('Enter a valid user.'),
  [types.channel]: chosen('Enter a valid channel.'),
  [types.role]: chosen('Enter a valid role.'),
  [types.mentionable]: chosen('Enter a valid user or role.'),
};

function textValue({ min_length: least = 0, max_length: most = longest }, text) {
  const { length } = [...text];
  if (length < least) return { problem: `Must be at least ${least} characters in length.` };
  return length > most ? { problem: `Must be ${most} or fewer characters in length.` } : { value: text };
}

function numberValue(pattern, problem) {
  return ({ min_value: low = -Infinity, max_value: high = Infinity }, text) => {
    const value = Number(text);
    if (!pattern.test(text) || Math.abs(value) > largest) return { problem };
    if (value < low) return { problem: `The value must be greater than or equal to ${low}.` };
    return value > high ? { problem: `The value must be less than or equal to ${high}.` } : { value };
  };
}

// What is chosen can be typed as well, with or without its sign: sales, #sales.
function chosen(problem) {
  return (option, text, entries) => {
    const wanted = text.replace(/^[#@]/, '').toLowerCase();
    const found = entries.find(({ label, detail }) => label.toLowerCase() === wanted)
      ?? entries.find(({ detail }) => detail?.toLowerCase() === wanted);
    return found ? { value: found.value } : { problem };
  };
}

function range(low, high, unit) {
  if (low === undefined && high === undefined) return '';
  if (low === undefined) return `up to ${high} ${unit}`.trim();
  return (high === undefined ? `at least ${low} ${unit}` : `${low}–${high} ${unit}`).trim();
}
