// A command that is being typed: which one, and the chips of its options.

import { el } from '../dom.js';
import { makeField } from './field.js';

export class Draft {
  command = null;
  fields = [];

  /** Needs the element that it fills, what is known of the server, and the listeners for the chips' inputs. */
  constructor(root, store, heard) {
    Object.assign(this, { root, store, heard });
  }

  /** Begins a command, with the options that it cannot do without. */
  begin(command, locale) {
    this.clear();
    this.command = command;
    this.locale = locale;
    this.root.append(el('span', { id: 'composer-command', class: 'command-pill' }, `/${command.label}`));
    command.options.filter(({ required }) => required).forEach((option) => this.add(option));
  }

  clear() {
    this.command = null;
    this.fields = [];
    this.root.replaceChildren();
  }

  /** Adds an option, or finds it when it is there already. */
  add(option) {
    const there = this.fields.find((field) => field.option.name === option.name);
    if (there) return there;
    const field = makeField(option, this.store, this.locale, this.heard);
    this.fields.push(field);
    this.root.append(field.node);
    return field;
  }

  remove(field) {
    this.fields = this.fields.filter((other) => other !== field);
    field.node.remove();
  }

  /** The options that are not given yet, all of them optional. */
  get left() {
    const given = new Set(this.fields.map(({ option }) => option.name));
    return this.command.options.filter(({ name }) => !given.has(name));
  }

  /** The options that a text may be for: those without a value, and that of the input it is typed into. */
  awaited(input) {
    return [...this.left, ...this.fields.filter((field) => field.blank || field.input === input).map(({ option }) => option)];
  }

  /** The chip that an input belongs to. */
  fieldOf(input) {
    return this.fields.find((field) => field.input === input) ?? null;
  }

  /** Marks what is wrong, and returns the first chip where something is. */
  check() {
    for (const field of this.fields) field.mark(field.read().problem ?? null);
    return this.fields.find(({ problem }) => problem) ?? null;
  }

  /** The values of the chips where something was given and nothing is wrong, by the options' names; files are not among them. */
  get options() {
    const given = this.fields.map((field) => [field.option.name, field.read().value]);
    return Object.fromEntries(given.filter(([, value]) => value !== undefined));
  }

  /** The files, by the options' names. */
  async files() {
    const files = {};
    for (const field of this.fields) {
      const { file } = field.read();
      if (file) files[field.option.name] = await file();
    }
    return files;
  }

  /** Takes the command out, so that another can be typed; `putBack` undoes that. */
  take() {
    const { command, fields } = this;
    const nodes = [...this.root.childNodes];
    this.clear();
    return { command, fields, nodes };
  }

  putBack({ command, fields, nodes }) {
    Object.assign(this, { command, fields });
    this.root.replaceChildren(...nodes);
  }
}
