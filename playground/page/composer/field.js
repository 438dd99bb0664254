// One option of a command that is being typed, as a chip: its name, and where its value goes.

import { el } from '../dom.js';
import { contents } from '../files.js';
import { types } from './commands.js';
import { entriesOf } from './suggestions.js';
import { read } from './values.js';

const noFile = 'Choose a file';
const notGiven = 'This option is required. Specify a value.';

/** Makes the chip for an option. `heard` are the listeners of its input. */
export function makeField(option, store, locale, heard) {
  return option.type === types.attachment ? new FileField(option, heard) : new TextField(option, entriesOf(option, store, locale), heard);
}

class Field {
  constructor(option, input, ...more) {
    Object.assign(this, { option, input });
    this.node = el('label', { class: 'chip', title: option.explained, 'data-option': option.name },
      el('span', { class: 'chip-name' }, option.label), input, ...more);
  }

  /** Marks what is wrong, null for nothing. */
  mark(problem) {
    this.problem = problem;
    this.node.classList.toggle('wrong', Boolean(problem));
    this.input.setAttribute('aria-invalid', String(Boolean(problem)));
  }
}

class TextField extends Field {
  picked = null; // the entry that the text stands for

  constructor(option, entries, heard) {
    super(option, el('input', {
      class: 'chip-input', type: 'text', role: 'combobox', 'aria-label': option.label, 'aria-autocomplete': 'list',
      'aria-expanded': 'false', 'aria-required': String(Boolean(option.required)), 'aria-describedby': 'suggestions-title',
      autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', inputmode: option.type === types.integer ? 'numeric' : null, on: heard,
    }));
    this.entries = entries;
  }

  get text() {
    return this.input.value;
  }

  get blank() {
    return this.text === '';
  }

  pick(entry) {
    this.picked = entry;
    this.input.value = entry.label;
    this.mark(null);
  }

  typed() {
    this.picked = null;
    this.mark(null);
  }

  fill(text) {
    this.input.value = text;
    this.typed();
  }

  read() {
    return read(this.option, this.text, this.entries, this.picked);
  }
}

class FileField extends Field {
  entries = [];
  picked = null;

  constructor(option, heard) {
    const name = el('span', { class: 'chip-file' }, noFile);
    const input = el('input', {
      class: 'visually-hidden', type: 'file', 'aria-label': option.label, 'aria-required': String(Boolean(option.required)),
      'aria-describedby': 'suggestions-title',
    });
    super(option, input, name);
    input.addEventListener('change', () => {
      name.textContent = input.files[0]?.name ?? noFile;
      this.mark(null);
    });
    for (const [type, listener] of Object.entries(heard)) input.addEventListener(type, listener);
  }

  /** Takes a file as if it had been chosen. */
  put(file) {
    const chosen = new DataTransfer();
    if (file) chosen.items.add(file);
    this.input.files = chosen.files;
    this.input.dispatchEvent(new Event('change'));
  }

  get text() {
    return '';
  }

  get blank() {
    return this.input.files.length === 0;
  }

  typed() {}

  fill() {} // a file cannot be typed

  read() {
    if (!this.blank) return { file: async () => (await contents(this.input.files))[0] };
    return this.option.required ? { problem: notGiven } : {};
  }
}
